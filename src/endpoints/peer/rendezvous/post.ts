import type { ConnectionOptions } from 'node:tls';
import { WebSocket, type ClientOptions } from 'ws';
import { farSideFault } from '../../../endpoint/far-side-fault.ts';
import { fillLimits, type FilledLimits } from '../../../endpoint/limits.ts';
import type { LinkLimits } from '../../../endpoint/endpoint.ts';
import { LinkLife } from '../../../endpoint/link-life.ts';
import type { LinkState } from '../../../endpoint/link-state.ts';
import { Silence } from '../../../endpoint/silence.ts';
import { Fault } from '../../../fault.ts';
import type { Letter, Post } from '../post.ts';
import type { PeerIdentity } from '../settings.ts';
import { decodeRendezvous, encodeRendezvous, MAX_FRAME_BYTES, PROTOCOLS, type RendezvousFrame } from './frames.ts';
import { Tunnel } from './tunnel.ts';

export interface RendezvousPostSettings extends LinkLimits {
  /** `wss://host:port/peer`. */
  readonly url: string;
  /** Who we are: the rendezvous hands to us what is for this certificate's fingerprint. */
  readonly identity: PeerIdentity;
  /** CA of the rendezvous, and the name in its certificate when the address has another. PEM text. */
  readonly ca: string;
  readonly servername?: string;
  readonly role: keyof typeof PROTOCOLS;
}

/** Tunnels one peer may hold open through us. */
const MAX_TUNNELS = 256;

/** Our place at a rendezvous: signals and tunnels. Comes back by itself. */
export class RendezvousPost implements Post {
  readonly url: string;
  readonly trickles = true;
  readonly #settings: RendezvousPostSettings;
  readonly #limits: FilledLimits;
  readonly #life: LinkLife;
  readonly #letters = new Set<(letter: Letter) => void>();
  readonly #absences = new Set<(session: string) => void>();
  readonly #arrivals = new Set<(tunnel: Tunnel, session: string) => void>();
  readonly #tunnels = new Map<string, Tunnel>();
  #socket: WebSocket | undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor(settings: RendezvousPostSettings) {
    this.url = settings.url;
    this.#settings = settings;
    this.#limits = fillLimits(settings);
    this.#life = new LinkLife(this.url, this.#limits, () => this.#dial());
    this.#life.start();
  }

  get state(): LinkState {
    return this.#life.state;
  }

  onState(listener: (state: LinkState) => void): () => void {
    return this.#life.onState(listener);
  }

  send(to: string, { session, text }: Letter): void {
    this.#write(encodeRendezvous('signal', to, session, Buffer.from(text)));
  }

  onLetter(listener: (letter: Letter) => void): () => void {
    return added(this.#letters, listener);
  }

  onAbsent(listener: (session: string) => void): () => void {
    return added(this.#absences, listener);
  }

  onTunnel(listener: (tunnel: Tunnel, session: string) => void): () => void {
    return added(this.#arrivals, listener);
  }

  tunnel(to: string, session: string): Tunnel {
    const key = to + session;
    const tunnel = new Tunnel({
      data: (bytes) => this.#write(encodeRendezvous('data', to, session, bytes)),
      credit: (amount) => {
        const body = Buffer.allocUnsafe(4);
        body.writeUInt32BE(amount);
        this.#write(encodeRendezvous('credit', to, session, body));
      },
      end: () => this.#write(encodeRendezvous('end', to, session)),
    });
    this.#tunnels.set(key, tunnel);
    tunnel.on('error', () => undefined);
    tunnel.once('close', () => this.#tunnels.delete(key));
    return tunnel;
  }

  async close(): Promise<void> {
    if (this.#life.close()) {
      for (const tunnel of this.#tunnels.values()) tunnel.destroy();
      if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.close();
      const cut = setTimeout(() => this.#socket?.terminate(), 200);
      if (this.#socket?.readyState === WebSocket.CONNECTING) this.#socket.terminate();
      await this.#ended;
      clearTimeout(cut);
    }
    await this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #dial(): void {
    const { url, identity, ca, servername, role } = this.#settings;
    const options: ClientOptions & ConnectionOptions = {
      ca,
      cert: identity.cert,
      key: identity.key,
      ...(servername !== undefined && { servername }),
      ALPNProtocols: ['http/1.1'],
      maxPayload: MAX_FRAME_BYTES,
      perMessageDeflate: false,
      handshakeTimeout: this.#limits.keepAliveMs,
    };
    const socket = new WebSocket(url, [PROTOCOLS[role]], options);
    this.#socket = socket;
    const periodMs = this.#limits.keepAliveMs / 3;
    const silence = new Silence(periodMs);
    const pulse = setInterval(() => {
      if (silence.look() > this.#limits.keepAliveMs) socket.terminate();
      else if (socket.readyState === WebSocket.OPEN) socket.ping();
    }, periodMs);
    let cause: Error | undefined;
    socket.on('pong', () => silence.hear());
    socket.on('error', (error) => (cause ??= farSideFault(url, error)));
    socket.once('unexpected-response', (_request, response) => {
      cause = new Fault('LINK_REFUSED', { url, answer: `${response.statusCode} ${response.statusMessage}` });
      socket.terminate();
    });
    socket.once('open', () => {
      socket.on('message', (data) => {
        silence.hear();
        const frame = decodeRendezvous(data as Buffer);
        if (frame === undefined) socket.terminate();
        else this.#take(frame);
      });
      this.#life.up();
    });
    this.#ended = new Promise((resolve) => {
      socket.once('close', () => {
        clearInterval(pulse);
        for (const tunnel of this.#tunnels.values()) tunnel.endThere();
        this.#life.lost(cause ?? farSideFault(url, new Error('the rendezvous closed the connection')));
        resolve();
      });
    });
  }

  #take({ type, peer, session, body }: RendezvousFrame): void {
    const key = peer + session;
    switch (type) {
      case 'signal':
        for (const listener of this.#letters) listener({ session, text: body.toString() });
        return;
      case 'data':
        (this.#tunnels.get(key) ?? this.#arrived(peer, session))?.arrive(body);
        return;
      case 'credit':
        this.#tunnels.get(key)?.allow(body.readUInt32BE());
        return;
      case 'end':
        this.#tunnels.get(key)?.endThere();
        return;
      case 'absent':
        this.#tunnels.get(key)?.endThere();
        for (const listener of this.#absences) listener(session);
        return;
    }
  }

  #arrived(peer: string, session: string): Tunnel | undefined {
    if (this.#arrivals.size === 0 || this.#tunnels.size >= MAX_TUNNELS) {
      this.#write(encodeRendezvous('end', peer, session));
      return undefined;
    }
    const tunnel = this.tunnel(peer, session);
    for (const listener of this.#arrivals) listener(tunnel, session);
    return tunnel;
  }

  #write(frame: Buffer): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(frame);
  }
}

function added<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
