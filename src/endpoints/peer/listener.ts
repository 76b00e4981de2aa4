import type { AddressInfo, Socket } from 'node:net';
import type { Server } from 'node:tls';
import { addressOf } from '../../address.ts';
import type { ReadOptions } from '../../endpoint/endpoint.ts';
import { fillLimits, type FilledLimits } from '../../endpoint/limits.ts';
import type { Message, ReceivedMessage } from '../../endpoint/message.ts';
import { messageFault } from '../../endpoint/message-fault.ts';
import { Readers } from '../../endpoint/reader-queue.ts';
import { Fault, isFault } from '../../fault.ts';
import { LISTEN_BACKLOG } from '../../listen-backlog.ts';
import { Channel } from './channel.ts';
import type { Conduit } from './conduit.ts';
import { announce } from './discovery.ts';
import { Doorstep } from './doorstep.ts';
import { FarPeer, peersNamed } from './far-peer.ts';
import { farSideOf, parsePins, sideOf } from './fingerprint.ts';
import { OfferDesk } from './offer-desk.ts';
import { PresenceTeller, type PeerInfo, type Presence } from './presence.ts';
import { Refusals } from './refusals.ts';
import type { PeerListener, PeerListenSettings } from './settings.ts';
import type { PeerSendOptions } from './side.ts';
import { serveTunnel, tlsServer } from './tls-server.ts';

const MAX_CONNECTIONS = 256;

/** The accepting end: lets in who shows a pinned certificate. Rejects with PORT_TAKEN and SETTINGS_INVALID. */
export async function listenForPeers(settings: PeerListenSettings): Promise<PeerListener> {
  const listener = new OpenListener(settings);
  await listener.open();
  return listener;
}

class OpenListener implements PeerListener {
  readonly #settings: PeerListenSettings;
  readonly #limits: FilledLimits;
  readonly #pins: ReadonlyMap<string, string>;
  readonly #readers = new Readers();
  readonly #peers = new Set<FarPeer>();
  readonly #channels = new Set<Channel>();
  readonly #sockets = new Set<Socket>();
  readonly #presence = new PresenceTeller();
  readonly #refusals: Refusals;
  readonly #server: Server;
  readonly #desk: OfferDesk;
  readonly #maxConnections: number;
  #announced: AsyncDisposable | undefined;
  #ended: Promise<void> | undefined;
  port = 0;
  url = '';

  constructor(settings: PeerListenSettings) {
    const { cert, key, ca, ice = {}, maxClockSkewMs = 300_000, maxConnections = MAX_CONNECTIONS, onRefusal } = settings;
    this.#settings = settings;
    this.#limits = fillLimits(settings);
    this.#pins = parsePins(settings.pins);
    this.#refusals = new Refusals(onRefusal);
    this.#maxConnections = maxConnections;
    const identity = { cert, key, ...(ca !== undefined && { ca }) };
    const refused = (source: string, problem: string): void => this.#refusals.add(source, problem);
    this.#server = tlsServer(identity, 'lan', {
      conduit: (conduit, problem) => this.#take(conduit, problem, '', ''),
      refused,
    });
    this.#server.maxConnections = maxConnections;
    // Those still shaking hands too: they would keep a closing server waiting.
    const doorstep = new Doorstep(Math.ceil(maxConnections / 2));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      if (!doorstep.arrive(socket)) socket.destroy();
    });
    this.#server.on('secureConnection', (stream) => {
      if (this.#pins.has(farSideOf(stream).fingerprint)) doorstep.leave(stream);
    });
    this.#desk = new OfferDesk({
      identity,
      ice,
      limits: this.#limits,
      maxClockSkewMs,
      longestPatienceMs: Math.max(0, ...(settings.posts ?? []).map(({ patienceMs = 0 }) => patienceMs)),
      maxSessions: maxConnections,
      isAllowed: (fingerprint) => this.#pins.has(fingerprint),
      refusals: this.#refusals,
      take: (conduit, replaces) => this.#take(conduit, undefined, '', replaces),
    });
    for (const post of settings.posts ?? []) {
      post.onLetter((letter) => this.#desk.hear(post, letter));
      post.onTunnel?.((tunnel, session) => {
        if (this.#channels.size >= maxConnections) tunnel.destroy();
        else
          serveTunnel(tunnel, identity, {
            conduit: (conduit, problem) => this.#take(conduit, problem, session, ''),
            refused,
          });
      });
    }
  }

  async open(): Promise<void> {
    const { host = '127.0.0.1', port = 0, announce: name, cert } = this.#settings;
    try {
      await listening(this.#server, host, port);
    } catch (error) {
      await Promise.all((this.#settings.posts ?? []).map((post) => post.close()));
      throw error;
    }
    this.port = (this.#server.address() as AddressInfo).port;
    this.url = `peer://${addressOf(host, this.port)}`;
    if (name !== undefined) {
      this.#announced = await announce({ name, fingerprint: sideOf(cert).fingerprint, port: this.port });
    }
  }

  get connections(): number {
    return this.#peers.size;
  }

  get refused(): number {
    return this.#refusals.count;
  }

  peers(): PeerInfo[] {
    return Array.from(this.#peers, ({ info }) => info);
  }

  onPresence(listener: (presence: Presence) => void): () => void {
    return this.#presence.on(listener);
  }

  receive(options?: ReadOptions): AsyncIterableIterator<ReceivedMessage> {
    return this.#readers.receive(options);
  }

  send(message: Message, options: PeerSendOptions = {}): Promise<void> {
    if (this.#ended !== undefined) return Promise.reject(new Fault('LINK_CLOSED', { url: this.url }));
    let peers: FarPeer[];
    try {
      peers = peersNamed(this.#peers, options.to);
    } catch (error) {
      return Promise.reject(error);
    }
    if (peers.length === 1) return peers[0]!.send(message, options);
    return this.#sendToAll(peers, message, options);
  }

  close(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Waits for all; rejects with what the first one that refused said. Who left a group misses nothing that could reach him. */
  async #sendToAll(peers: readonly FarPeer[], message: Message, options: PeerSendOptions): Promise<void> {
    const fault = messageFault(message, this.#limits);
    if (fault !== undefined) throw fault;
    options.signal?.throwIfAborted();
    const sends = await Promise.allSettled(peers.map((peer) => peer.send(message, options)));
    const failed = sends.find((send) => send.status === 'rejected' && !isGone(send.reason));
    if (failed?.status === 'rejected') throw failed.reason;
  }

  #take(conduit: Conduit, problem: string | undefined, session: string, replaces: string): void {
    // It was opened just when this was closed.
    if (this.#ended !== undefined) {
      conduit.stream.destroy();
      return;
    }
    const { fingerprint, name: certified } = conduit.farSide;
    const known = this.#pins.get(fingerprint);
    const name = known === undefined || known === '' ? certified : known;
    let peer: FarPeer | undefined;
    const channel = new Channel(conduit, name, this.#limits, {
      welcome: () => conduit.stream.destroy(), // only the accepting side may say so
      message: (message) => this.#readers.offer(message),
      latency: () => peer?.channel === channel && this.#presence.tell('latency', peer.info),
      malformed: (what) => this.#refusals.add(fingerprint, what),
      gone: (cause) => {
        this.#channels.delete(channel);
        if (peer?.channel === channel) this.#lose(peer, cause);
      },
    });
    const refusal = this.#refusal(fingerprint, problem);
    this.#channels.add(channel);
    if (refusal !== undefined) {
      // Each connection of a stranger has another port.
      this.#refusals.add(fingerprint || (URL.parse(conduit.url)?.hostname ?? conduit.url), refusal);
      channel.close(new Fault('LINK_REFUSED', { url: conduit.url, answer: refusal }));
      return;
    }
    const replaced = [...this.#peers].find(
      (other) => replaces !== '' && other.session === replaces && other.fingerprint === fingerprint,
    );
    if (replaced === undefined) {
      peer = new FarPeer(channel, name, session, this.#limits);
      this.#peers.add(peer);
      channel.welcome();
      this.#presence.tell('joined', peer.info);
      return;
    }
    channel.welcome();
    void replaced.moveTo(channel).then((moved) => {
      if (!this.#peers.has(replaced)) conduit.stream.destroy();
      else if (moved) {
        peer = replaced;
        this.#presence.tell('path', replaced.info);
      }
    });
  }

  #refusal(fingerprint: string, problem: string | undefined): string | undefined {
    if (fingerprint === '') return 'no certificate shown';
    if (!this.#pins.has(fingerprint)) return `fingerprint ${fingerprint} is not allowed here`;
    if (this.#channels.size >= 2 * this.#maxConnections) return 'too many are connected';
    return problem;
  }

  #lose(peer: FarPeer, cause: Error): void {
    if (!this.#peers.delete(peer)) return;
    peer.lose(cause);
    this.#presence.tell('left', peer.info);
  }

  async #end(): Promise<void> {
    this.#readers.close();
    this.#desk.close();
    for (const peer of this.#peers) peer.close();
    for (const { conduit } of this.#channels) conduit.stream.destroy();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all([
      closed,
      this.#announced?.[Symbol.asyncDispose](),
      ...(this.#settings.posts ?? []).map((post) => post.close()),
    ]);
    this.#presence.close();
  }
}

function isGone(error: unknown): boolean {
  return isFault(error) && (error.code === 'FAR_SIDE_GONE' || error.code === 'LINK_CLOSED');
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(taken ? new Fault('PORT_TAKEN', { port, setting: 'port' }, { cause: error }) : error);
    });
    server.listen({ port, host, backlog: LISTEN_BACKLOG }, resolve);
  });
}
