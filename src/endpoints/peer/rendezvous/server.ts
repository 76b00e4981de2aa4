import type { TLSSocket } from 'node:tls';
import { WebSocketServer, type WebSocket } from 'ws';
import { addressOf } from '../../../address.ts';
import { Fault } from '../../../fault.ts';
import { identityOf, type Door } from '../../../front-door/door.ts';
import { findForeignOrigin } from '../../../front-door/own-origin.ts';
import type { Upgrade } from '../../../front-door/upgrade.ts';
import { farSideOf, parsePin } from '../fingerprint.ts';
import { Refusals, type RefusalListener } from '../refusals.ts';
import { Guest } from './guest.ts';
import { MAX_FRAME_BYTES, PROTOCOLS, type RendezvousFrame } from './frames.ts';
import { Speakers } from './speakers.ts';
import { Tunnels } from './tunnels.ts';

export interface RendezvousSettings extends GuestLimits {
  readonly door: Door;
  /** Where it is served: `/peer`. */
  readonly path: string;
  /** Fingerprints that may come, beside certificates our CA signed. */
  readonly pins: readonly string[];
  /** Connections at once. Default 1,000. */
  readonly maxPeers?: number;
  /** Tunnels at once, one for each session that is relayed; 0 relays nothing. Default 100. */
  readonly maxTunnels?: number;
  /** Of those, opened by one peer. Default 25. */
  readonly maxTunnelsOfOne?: number;
  readonly onRefusal?: RefusalListener;
}

export interface GuestLimits {
  /** Relayed for one peer in a second, in bytes. Default 4,194,304. */
  readonly maxBytesPerSecond?: number;
  /** Signals of one peer in a second. Default 50. */
  readonly maxSignalsPerSecond?: number;
  /** Bytes that wait for one peer; above, its tunnels end. Default 4,194,304. */
  readonly maxBufferedBytes?: number;
  /** Longest silence, in ms. Default 15,000. */
  readonly keepAliveMs?: number;
}

/** Where peers find each other and, if nothing else works, send through. It sees what is signed and what is encrypted, no more. */
export class Rendezvous implements AsyncDisposable {
  readonly url: string;
  readonly #settings: RendezvousSettings;
  readonly #pins: ReadonlySet<string>;
  readonly #server: WebSocketServer;
  readonly #unmount: () => void;
  readonly #guests = new Set<Guest>();
  readonly #listeners = new Map<string, Guest>();
  /** Who speaks in which session. */
  readonly #speakers = new Speakers();
  readonly #tunnels: Tunnels;
  readonly #refusals: Refusals;
  #relayedBytes = 0;

  constructor(settings: RendezvousSettings) {
    const { door, path, pins, onRefusal, maxTunnels = 100, maxTunnelsOfOne = 25 } = settings;
    this.url = `wss://${addressOf(door.host, door.port)}${path}`;
    this.#settings = settings;
    this.#pins = new Set(pins.map(parsePin));
    this.#refusals = new Refusals(onRefusal);
    this.#tunnels = new Tunnels({ maxTunnels, maxTunnelsOfOne });
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload: MAX_FRAME_BYTES,
      perMessageDeflate: false,
      handleProtocols: (offered) => Object.values(PROTOCOLS).find((protocol) => offered.has(protocol)) ?? false,
    });
    this.#unmount = door.upgrade(path, (upgrade) => this.#admit(upgrade));
  }

  /** Peers connected now. */
  get peers(): number {
    return this.#guests.size;
  }

  /** Sessions that are relayed now. */
  get tunnels(): number {
    return this.#tunnels.size;
  }

  get relayedBytes(): number {
    return this.#relayedBytes;
  }

  /** Peers turned away, frames and tunnels refused. */
  get refused(): number {
    return this.#refusals.count;
  }

  close(): Promise<void> {
    this.#unmount();
    for (const guest of this.#guests) guest.end();
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #admit(upgrade: Upgrade): void {
    const { bare } = upgrade;
    const tlsSocket = upgrade.socket as TLSSocket;
    const { fingerprint } = farSideOf(tlsSocket);
    const origin = findForeignOrigin(upgrade);
    const { maxPeers = 1_000 } = this.#settings;
    const refuse = (status: number, fault: Fault, problem: string): void => {
      this.#refusals.add(fingerprint === '' ? (tlsSocket.remoteAddress ?? 'unknown') : fingerprint, problem);
      upgrade.refuse(status, fault);
    };
    if (origin !== undefined) refuse(403, new Fault('ORIGIN_FOREIGN', { origin }), 'a page of another origin');
    else if (fingerprint === '') refuse(401, new Fault('IDENTITY_MISSING', {}), 'no certificate shown');
    else if (!this.#pins.has(fingerprint) && identityOf(tlsSocket) === undefined) {
      refuse(401, new Fault('IDENTITY_MISSING', {}), 'the fingerprint is not allowed here');
    } else if (this.#guests.size >= maxPeers) {
      const full = new Fault('QUEUE_FULL', { queue: 'the rendezvous', limit: maxPeers });
      refuse(503, full, `${maxPeers} peers are here`);
    } else if (bare === undefined) {
      const problem = 'peers meet over HTTP/1.1';
      refuse(505, new Fault('HANDSHAKE_INVALID', { problem }), problem);
    } else {
      const { request, stream, head } = bare;
      this.#server.handleUpgrade(request, stream, head, (webSocket) => this.#enter(webSocket, fingerprint));
    }
  }

  #enter(socket: WebSocket, fingerprint: string): void {
    const guest = new Guest(socket, fingerprint, this.#settings, {
      frame: (frame, bytes) => this.#route(guest, frame, bytes),
      refused: (problem) => this.#refusals.add(fingerprint, problem),
      gone: () => this.#leave(guest),
    });
    this.#guests.add(guest);
    if (guest.role === 'listener') this.#listeners.set(fingerprint, guest);
  }

  #leave(guest: Guest): void {
    this.#guests.delete(guest);
    if (this.#listeners.get(guest.fingerprint) === guest) this.#follow(guest);
    // Who has asked for him and has no answer yet need not wait for one.
    for (const { other, session } of this.#speakers.leave(guest)) other.send('absent', guest.fingerprint, session);
    for (const { other, session } of this.#tunnels.leave(guest)) other.send('end', guest.fingerprint, session);
  }

  /** Links find the newest listener of a fingerprint, and when that has gone the one that was there before. */
  #follow({ fingerprint }: Guest): void {
    const before = [...this.#guests].findLast((one) => one.role === 'listener' && one.fingerprint === fingerprint);
    if (before === undefined) this.#listeners.delete(fingerprint);
    else this.#listeners.set(fingerprint, before);
  }

  #route(guest: Guest, frame: RendezvousFrame, bytes: Buffer): void {
    const { type, peer, session } = frame;
    if (type === 'absent') return;
    const speaker = this.#tunnels.other(guest, peer, session) ?? this.#find(guest, peer, session);
    if (speaker === undefined) {
      if (type !== 'end') guest.send('absent', peer, session);
      return;
    }
    if (type === 'signal') this.#speakers.add(guest, speaker, session);
    if (type === 'end') this.#tunnels.end(guest, session);
    if (type === 'data') {
      const problem = this.#tunnels.open(guest, speaker, session);
      if (problem !== undefined) {
        this.#refusals.add(guest.fingerprint, problem);
        guest.send('end', peer, session);
        return;
      }
      this.#relayedBytes += frame.body.length;
    }
    if (speaker.pass(bytes, guest.fingerprint) || type !== 'data') return;
    this.#refusals.add(speaker.fingerprint, 'it takes too slowly what is relayed to it');
    this.#tunnels.end(guest, session);
    guest.send('end', peer, session);
    speaker.send('end', guest.fingerprint, session);
  }

  /** Links talk to listeners and listeners to links, also to those of their own fingerprint. */
  #find({ role }: Guest, peer: string, session: string): Guest | undefined {
    if (role === 'listener') return this.#speakers.find('link', peer, session);
    return this.#speakers.find('listener', peer, session) ?? this.#listeners.get(peer);
  }
}
