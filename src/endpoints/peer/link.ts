import { connect, type TLSSocket } from 'node:tls';
import type { Link, ReadOptions, SendOptions } from '../../endpoint/endpoint.ts';
import { farSideFault } from '../../endpoint/far-side-fault.ts';
import { fillLimits, type FilledLimits } from '../../endpoint/limits.ts';
import { LinkLife } from '../../endpoint/link-life.ts';
import type { LinkState } from '../../endpoint/link-state.ts';
import type { Message, ReceivedMessage } from '../../endpoint/message.ts';
import { Readers } from '../../endpoint/reader-queue.ts';
import { SendWindow } from '../../endpoint/send-window.ts';
import { Fault } from '../../fault.ts';
import { Channel } from './channel.ts';
import { farSideOf, parsePin } from './fingerprint.ts';
import type { PeerIdentity, PeerLinkSettings } from './settings.ts';
import { peerTraits } from './traits.ts';

/** The connecting end of a peer link. Throws SETTINGS_INVALID for an address or a pin that is none. */
export class PeerLink implements Link {
  readonly url: string;
  readonly traits = peerTraits;
  readonly #limits: FilledLimits;
  readonly #identity: PeerIdentity;
  readonly #pin: string;
  readonly #readers = new Readers();
  readonly #window: SendWindow;
  readonly #life: LinkLife;
  #socket: TLSSocket | undefined;
  #channel: Channel | undefined;

  constructor(settings: PeerLinkSettings) {
    this.url = addressOf(settings.url).href;
    this.#pin = parsePin(settings.pin);
    this.#identity = settings.tls;
    this.#limits = fillLimits(settings);
    this.#window = new SendWindow(this.url, this.#limits);
    this.#life = new LinkLife(this.url, this.#limits, () => this.#dial());
    this.#life.start();
  }

  get state(): LinkState {
    return this.#life.state;
  }

  onState(listener: (state: LinkState) => void): () => void {
    return this.#life.onState(listener);
  }

  ready(signal?: AbortSignal): Promise<void> {
    return this.#life.ready(signal);
  }

  receive(options?: ReadOptions): AsyncIterableIterator<ReceivedMessage> {
    return this.#readers.receive(options);
  }

  send(message: Message, options?: SendOptions): Promise<void> {
    const transmit = async (signal: AbortSignal): Promise<void> => {
      if (this.#channel === undefined) throw new Fault('FAR_SIDE_GONE', { url: this.url });
      await this.#channel.send(message, signal);
    };
    return this.#window.send(message, transmit, options);
  }

  async close(): Promise<void> {
    const socket = this.#socket;
    if (!this.#life.close()) return;
    this.#window.close();
    this.#readers.close();
    if (socket === undefined || socket.closed) return;
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    if (this.#channel === undefined) socket.destroy();
    else this.#channel.close();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #dial(): void {
    const { hostname, port } = addressOf(this.url);
    const { cert, key, ca } = this.#identity;
    // The pin decides: the name in a certificate says nothing about a peer, which may move.
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port),
      cert,
      key,
      minVersion: 'TLSv1.3',
      checkServerIdentity: () => undefined,
      ...(ca === undefined ? { rejectUnauthorized: false } : { ca }),
    });
    this.#socket = socket;
    let cause: Error | undefined;
    const overdue = setTimeout(() => socket.destroy(new Error('no welcome in time')), this.#limits.keepAliveMs);
    const lost = (reason: Error): void => {
      clearTimeout(overdue);
      this.#channel = undefined;
      this.#window.loseInFlight(reason);
      this.#life.lost(reason);
    };
    socket.on('error', (error) => (cause ??= farSideFault(this.url, error)));
    const early = (): void => lost(cause ?? farSideFault(this.url, new Error('closed during the handshake')));
    socket.once('close', early);
    socket.once('secureConnect', () => {
      const { fingerprint, name } = farSideOf(socket);
      if (fingerprint !== this.#pin) {
        cause = new Fault('FAR_SIDE_UNTRUSTED', { url: this.url, reason: `its fingerprint is ${fingerprint}` });
        socket.destroy();
        return;
      }
      socket.off('close', early);
      this.#channel = new Channel(socket, this.url, name, this.#limits, {
        welcome: () => {
          clearTimeout(overdue);
          this.#life.up();
          this.#window.open();
        },
        message: (message) => this.#readers.push(message),
        gone: lost,
      });
    });
  }
}

function addressOf(url: string): URL {
  const parsed = URL.parse(url);
  if (parsed?.protocol === 'peer:' && parsed.hostname !== '' && parsed.port !== '') return parsed;
  throw new Fault('SETTINGS_INVALID', { problems: `${JSON.stringify(url)} is no address like peer://host:port` });
}
