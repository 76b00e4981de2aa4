import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Fault } from '../fault.ts';
import { readSecret, writeSecret } from '../security/secret-file.ts';
import { digestOf } from './digest.ts';
import type { JoinTokens } from './join-handler.ts';
import { isRecord } from '../is-record.ts';
import type { Reported } from './protocol.ts';

/** What the controller remembers of one edge host. */
export interface HostEntry {
  readonly edgeId: string;
  readonly name: string;
  readonly joinedAt: number;
  /** Digest of the release it should run. */
  readonly desired: string | null;
  readonly reported: Reported | null;
  /** ms since 1970 by the controller's clock; null before the first word. */
  readonly lastSeen: number | null;
}

interface Invitation {
  readonly tokenDigest: string;
  readonly edgeId: string;
  readonly name: string;
  readonly expires: number;
}

interface FleetState {
  readonly version: number;
  readonly hosts: readonly HostEntry[];
  readonly invitations: readonly Invitation[];
}

const FILE = 'fleet.json';
const INVITATION_MS = 24 * 60 * 60 * 1000;

/** `fleet.json` of a home: hosts, open invitations, and the last release version. Holds hashes of tokens, no token. */
export class FleetFile implements JoinTokens {
  readonly #path: string;
  #state: FleetState;
  #saving = Promise.resolve();
  #isDirty = false;

  private constructor(path: string, state: FleetState) {
    this.#path = path;
    this.#state = state;
  }

  /** Throws FILE_DAMAGED: a fleet is never forgotten by itself. */
  static async open(home: string): Promise<FleetFile> {
    const path = join(home, FILE);
    return new FleetFile(path, await readState(path));
  }

  get hosts(): readonly HostEntry[] {
    return this.#state.hosts;
  }

  /** A token for one host that may join within a day. */
  async invite(name?: string): Promise<string> {
    const token = randomBytes(24).toString('base64url');
    const edgeId = randomBytes(6).toString('hex');
    const invitation = {
      tokenDigest: digestOf(token),
      edgeId,
      name: name ?? edgeId,
      expires: Date.now() + INVITATION_MS,
    };
    const open = this.#state.invitations.filter((known) => known.expires > Date.now());
    await this.#change({ invitations: [...open, invitation] });
    return token;
  }

  find(token: string): Invitation | undefined {
    const tokenDigest = digestOf(token);
    return this.#state.invitations.find((known) => known.tokenDigest === tokenDigest && known.expires > Date.now());
  }

  async burn(token: string): Promise<void> {
    const invitation = this.find(token);
    if (invitation === undefined) return;
    const { edgeId, name } = invitation;
    const host = { edgeId, name, joinedAt: Date.now(), desired: null, reported: null, lastSeen: null };
    const invitations = this.#state.invitations.filter((known) => known !== invitation);
    await this.#change({ invitations, hosts: [...this.#state.hosts, host] });
  }

  /** The next release version: durable before it is used, so that none is given twice. */
  async nextVersion(): Promise<number> {
    const version = this.#state.version + 1;
    await this.#change({ version });
    return version;
  }

  async update(edgeIds: readonly string[], change: Partial<HostEntry>): Promise<void> {
    await this.#change({ hosts: this.#hostsWith(edgeIds, change) });
  }

  /** As {@link update} for what need not outlive this process; it is written with the next change. */
  note(edgeIds: readonly string[], change: Partial<HostEntry>): void {
    this.#state = { ...this.#state, hosts: this.#hostsWith(edgeIds, change) };
  }

  #hostsWith(edgeIds: readonly string[], change: Partial<HostEntry>): HostEntry[] {
    return this.#state.hosts.map((host) => (edgeIds.includes(host.edgeId) ? { ...host, ...change } : host));
  }

  /** One write at a time; changes that come meanwhile share the next one. */
  #change(change: Partial<FleetState>): Promise<void> {
    this.#state = { ...this.#state, ...change };
    if (!this.#isDirty) {
      this.#isDirty = true;
      const write = async (): Promise<void> => {
        this.#isDirty = false;
        await writeSecret(this.#path, `${JSON.stringify(this.#state, undefined, 2)}\n`);
      };
      this.#saving = this.#saving.then(write, write);
    }
    return this.#saving;
  }
}

async function readState(file: string): Promise<FleetState> {
  const kept = await readSecret(file);
  if (kept === undefined) return { version: 0, hosts: [], invitations: [] };
  let value: unknown;
  try {
    value = JSON.parse(kept.text);
  } catch (error) {
    throw new Fault('FILE_DAMAGED', { file, reason: 'it is not JSON' }, { cause: error });
  }
  if (!isState(value)) throw new Fault('FILE_DAMAGED', { file, reason: 'it has not the form of a fleet' });
  return value;
}

function isState(value: unknown): value is FleetState {
  if (!isRecord(value) || !Number.isSafeInteger(value['version'])) return false;
  const { hosts, invitations } = value;
  return Array.isArray(hosts) && hosts.every(isHost) && Array.isArray(invitations) && invitations.every(isInvitation);
}

function isHost(value: unknown): boolean {
  if (!isRecord(value) || typeof value['edgeId'] !== 'string' || typeof value['name'] !== 'string') return false;
  const { desired, reported } = value;
  return (desired === null || typeof desired === 'string') && (reported === null || isRecord(reported));
}

function isInvitation(value: unknown): boolean {
  return (
    isRecord(value) &&
    ['tokenDigest', 'edgeId', 'name'].every((name) => typeof value[name] === 'string') &&
    typeof value['expires'] === 'number'
  );
}
