import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { addressOf, isEverywhere } from '../address.ts';
import type { Broker } from '../broker/broker.ts';
import type { ReceivedMessage } from '../endpoint/message.ts';
import { errorLine } from '../fault.ts';
import type { Door } from '../front-door/door.ts';
import type { Authority } from '../security/certificates.ts';
import { FleetFile, type HostEntry } from './fleet-file.ts';
import type { FlowNode } from './flow-nodes.ts';
import { encodeJoinCode, JOIN_PATH } from './join-code.ts';
import { createJoinHandler, edgeIdentity } from './join-handler.ts';
import type { Versions } from './manifest.ts';
import { ownPackage } from '../package-root.ts';
import { fleetTopic, parseFleetTopic, parsePresence, parseReported, type Reported } from './protocol.ts';
import { encodeRelease } from './release-document.ts';
import { sealRelease } from './release.ts';
import type { Signer } from './signer.ts';
import { diskFiles } from './store/disk-files.ts';
import { openReleaseStore } from './store/release-store.ts';

export interface FleetOptions {
  readonly home: string;
  readonly broker: Broker;
  readonly authority: Pick<Authority, 'ca' | 'signRequest'>;
  readonly door: Pick<Door, 'host' | 'port' | 'http'>;
  readonly signer: Signer;
  /** Name or address hosts reach the door by. Default: the door's own, or this machine's name when it listens everywhere. */
  readonly address?: string;
}

/** One edge host as the controller sees it. */
export interface HostState {
  readonly edgeId: string;
  readonly name: string;
  readonly online: boolean;
  /** Digest it should run. */
  readonly desired: string | null;
  /** Digest its live runtime runs. */
  readonly running: string | null;
  readonly version: number | null;
  readonly state: string;
  readonly reason: string;
  readonly lastSeen: string;
}

export interface ShipRequest {
  readonly name: string;
  readonly flows: readonly FlowNode[];
  readonly chart?: string;
  readonly minVersions?: Partial<Versions>;
}

/** A release that was sent out. */
export interface ShippedRelease {
  readonly digest: string;
  readonly name: string;
  readonly version: number;
  readonly documentBytes: number;
  /** Ids of the hosts that should run it. */
  readonly hosts: readonly string[];
}

/** What became of a release on one host; `offline` is no verdict: the host takes it when it comes back. */
export interface HostOutcome {
  readonly edgeId: string;
  readonly result: 'committed' | 'rolled_back' | 'rejected' | 'offline';
  readonly reason?: string;
}

/** The edge hosts of one controller: invites them, tells them what to run, knows what they run. */
export interface Fleet extends AsyncDisposable {
  /** A code with which one host may join within a day. */
  invite(options?: { name?: string }): Promise<{ code: string }>;
  hosts(): HostState[];
  /** Seals flows as the next release and asks these hosts to run it. Throws RELEASE_INVALID or PAYLOAD_TOO_LARGE. */
  ship(request: ShipRequest, options?: { hosts?: 'all' | readonly string[] }): Promise<ShippedRelease>;
  /** Called at every change of any host; returns what ends that. */
  onChange(listener: () => void): () => void;
  /** Resolves when every online host that should run this release committed it or went back. Rejects with the signal's reason. */
  outcome(digest: string, signal?: AbortSignal): Promise<HostOutcome[]>;
  close(): Promise<void>;
}

const FINAL = new Set(['committed', 'rolled_back', 'rejected']);
const NO_FLOOR: Versions = { chartwire: '0.0.0', nodeRed: '0.0.0', node: '0.0.0' };

/** Opens the fleet of this home: serves joins at the door and listens to the hosts on the broker. */
export async function openFleet(options: FleetOptions): Promise<Fleet> {
  const folder = join(options.home, 'fleet');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const fleet = new OpenFleet(options, await FleetFile.open(options.home), folder);
  await fleet.open();
  return fleet;
}

class OpenFleet implements Fleet {
  readonly #options: FleetOptions;
  readonly #file: FleetFile;
  readonly #releases;
  readonly #online = new Set<string>();
  readonly #listeners = new Set<() => void>();
  readonly #opened = new AsyncDisposableStack();

  constructor(options: FleetOptions, file: FleetFile, folder: string) {
    this.#options = options;
    this.#file = file;
    this.#releases = openReleaseStore(diskFiles(folder));
  }

  async open(): Promise<void> {
    const { broker, door, authority } = this.#options;
    const handler = createJoinHandler({ authority, tokens: this.#file, broker: () => `mqtts://${this.#address()}` });
    this.#opened.defer(door.http(JOIN_PATH, handler));
    // Retained messages live in the broker's memory: what hosts should run is said again at every start.
    const wanted = Map.groupBy(this.#file.hosts, (host) => host.desired);
    for (const [digest, hosts] of wanted) if (digest !== null) await this.#repeat(digest, hosts);
    for (const kind of ['reported', 'presence'] as const) {
      this.#opened.defer(await broker.subscribe(fleetTopic('+', kind), (message) => this.#hear(message)));
    }
  }

  async invite({ name }: { name?: string } = {}): Promise<{ code: string }> {
    const token = await this.#file.invite(name);
    const { authority, signer } = this.#options;
    const url = `https://${this.#address()}`;
    return { code: encodeJoinCode({ url, ca: authority.ca, token, releaseKey: signer.publicKey }) };
  }

  hosts(): HostState[] {
    return this.#file.hosts.map((host) => ({
      edgeId: host.edgeId,
      name: host.name,
      online: this.#online.has(host.edgeId),
      desired: host.desired,
      running: host.reported?.running?.digest ?? null,
      version: host.reported?.running?.version ?? null,
      state: host.reported?.state ?? 'unknown',
      reason: host.reported?.reason ?? '',
      lastSeen: host.lastSeen === null ? 'never' : new Date(host.lastSeen).toISOString(),
    }));
  }

  async ship(
    request: ShipRequest,
    { hosts = 'all' }: { hosts?: 'all' | readonly string[] } = {},
  ): Promise<ShippedRelease> {
    const { name, flows, chart, minVersions } = request;
    const version = await this.#file.nextVersion();
    const sealed = sealRelease(
      {
        name,
        flows,
        version,
        minVersions: { ...NO_FLOOR, chartwire: ownPackage.version, ...minVersions },
        ...(chart === undefined ? {} : { chart }),
      },
      this.#options.signer,
    );
    const document = encodeRelease(sealed);
    this.#releases.keep(sealed);
    const ids = this.#file.hosts.map((host) => host.edgeId).filter((id) => hosts === 'all' || hosts.includes(id));
    await this.#file.update(ids, { desired: sealed.digest });
    for (const id of ids) await this.#publishDesired(id, document);
    this.#releases.prune([sealed.digest, ...this.#file.hosts.map((host) => host.desired)]);
    this.#tell();
    return { digest: sealed.digest, name, version, documentBytes: document.length, hosts: ids };
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async outcome(digest: string, signal?: AbortSignal): Promise<HostOutcome[]> {
    const settled = Promise.withResolvers<void>();
    const look = (): void => {
      if (this.#wanted(digest).every((host) => this.#outcomeOf(host, digest) !== undefined)) settled.resolve();
    };
    const stop = (): void => settled.reject(signal?.reason as Error);
    const unlisten = this.onChange(look);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      if (signal?.aborted) stop();
      look();
      await settled.promise;
      return this.#wanted(digest).flatMap((host) => this.#outcomeOf(host, digest) ?? []);
    } finally {
      unlisten();
      signal?.removeEventListener('abort', stop);
    }
  }

  async close(): Promise<void> {
    await this.#opened.disposeAsync();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #wanted(digest: string): HostEntry[] {
    return this.#file.hosts.filter((host) => host.desired === digest);
  }

  #outcomeOf({ edgeId, reported }: HostEntry, digest: string): HostOutcome | undefined {
    if (reported?.digest === digest && FINAL.has(reported.state)) {
      const result = reported.state as HostOutcome['result'];
      return { edgeId, result, ...(reported.reason === undefined ? {} : { reason: reported.reason }) };
    }
    return this.#online.has(edgeId) ? undefined : { edgeId, result: 'offline' };
  }

  /** A release whose file is damaged stays unsaid: its hosts run on, and the next release reaches them. */
  async #repeat(digest: string, hosts: readonly HostEntry[]): Promise<void> {
    let document: Buffer;
    try {
      document = encodeRelease(this.#releases.read(digest));
    } catch (error) {
      process.emitWarning(errorLine(error));
      return;
    }
    for (const host of hosts) await this.#publishDesired(host.edgeId, document);
  }

  async #publishDesired(edgeId: string, payload: Buffer): Promise<void> {
    await this.#options.broker.publish({ topic: fleetTopic(edgeId, 'desired'), payload, qos: 1, retain: true });
  }

  async #hear({ topic, payload, from }: ReceivedMessage): Promise<void> {
    const { edgeId, kind } = parseFleetTopic(topic) ?? {};
    const host = this.#file.hosts.find((known) => known.edgeId === edgeId);
    if (edgeId === undefined || host === undefined || payload.length === 0) return;
    if (kind === 'presence') {
      // The will is sent by the broker in the name of the host that vanished.
      if (parsePresence(payload).online) this.#online.add(edgeId);
      else this.#online.delete(edgeId);
    } else {
      if (from !== edgeIdentity(edgeId)) return;
      const reported = parseReported(payload);
      const change = { reported, lastSeen: Date.now() };
      if (isSame(reported, host.reported)) this.#file.note([edgeId], change);
      else await this.#file.update([edgeId], change);
    }
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #address(): string {
    const { door, address } = this.#options;
    return addressOf(address ?? (isEverywhere(door.host) ? hostname() : door.host), door.port);
  }
}

/** Says the host the same as before, only later? */
function isSame(reported: Reported, before: Reported | null): boolean {
  return before !== null && JSON.stringify({ ...reported, at: 0 }) === JSON.stringify({ ...before, at: 0 });
}
