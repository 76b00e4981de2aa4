import type { ConnectionOptions } from 'node:tls';
import { WebSocket, type ClientOptions } from 'ws';
import type { Link, LinkLimits, ReadOptions, SendOptions, TlsIdentity } from '../../endpoint/endpoint.ts';
import { farSideFault } from '../../endpoint/far-side-fault.ts';
import { FRAME_PREFIX_BYTES, MAX_HEADER_BYTES } from '../../endpoint/frame.ts';
import { fillLimits, type FilledLimits } from '../../endpoint/limits.ts';
import { LinkLife } from '../../endpoint/link-life.ts';
import type { LinkState } from '../../endpoint/link-state.ts';
import type { Message, ReceivedMessage } from '../../endpoint/message.ts';
import { Readers } from '../../endpoint/reader-queue.ts';
import { SendWindow } from '../../endpoint/send-window.ts';
import { Fault } from '../../fault.ts';
import { endSocket, keepAlive, type Channel } from './channel.ts';
import { closeCodes } from './close-codes.ts';
import { FramedChannel } from './framed-channel.ts';
import { outgoingNumbers } from './outgoing.ts';
import { PlainChannel, plainTopic } from './plain-channel.ts';
import { SUBPROTOCOL, websocketTraits } from './traits.ts';

export interface WebSocketLinkSettings extends LinkLimits {
  /** `wss://127.0.0.1:8443/live` */
  readonly url: string;
  readonly tls: TlsIdentity;
  /** The far side is no Chartwire: bare payloads, without topics and acknowledgements. Default false. */
  readonly plain?: boolean;
}

/** A link over one WebSocket (RFC 6455). */
export class WebSocketLink implements Link {
  readonly url: string;
  readonly traits;
  readonly #settings: WebSocketLinkSettings;
  readonly #limits: FilledLimits;
  readonly #life: LinkLife;
  readonly #window: SendWindow;
  readonly #readers = new Readers();
  readonly #number = outgoingNumbers();
  #socket: WebSocket | undefined;
  #channel: Channel | undefined;

  constructor(settings: WebSocketLinkSettings) {
    const { origin, protocol, host, pathname } = new URL(settings.url);
    this.#settings = settings;
    this.#limits = fillLimits(settings);
    this.url = origin === 'null' ? `${protocol}//${host}${pathname}` : origin + pathname;
    this.traits = { ...websocketTraits, acknowledged: settings.plain !== true };
    this.#life = new LinkLife(this.url, this.#limits, () => this.#dial());
    this.#window = new SendWindow(this.url, this.#limits);
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
    const named = this.#settings.plain === true ? { ...message, topic: plainTopic(this.url) } : message;
    return this.#window.send(named, (signal) => this.#transmit(named, signal), options);
  }

  close(): Promise<void> {
    if (this.#life.close()) {
      this.#window.close();
      this.#readers.close();
      if (this.#socket !== undefined) endSocket(this.#socket, closeCodes.done);
    }
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #dial(): void {
    const { tls, plain } = this.#settings;
    const { maxPayloadBytes, keepAliveMs } = this.#limits;
    const options: ClientOptions & ConnectionOptions = {
      ...tls,
      ALPNProtocols: ['http/1.1'],
      maxPayload: maxPayloadBytes + (plain === true ? 0 : FRAME_PREFIX_BYTES + MAX_HEADER_BYTES),
      perMessageDeflate: false,
      handshakeTimeout: keepAliveMs,
    };
    const socket = new WebSocket(this.#settings.url, plain === true ? [] : [SUBPROTOCOL], options);
    let cause: Error | undefined;
    this.#socket = socket;
    socket.on('error', (error) => (cause ??= farSideFault(this.url, error)));
    socket.once('unexpected-response', (_request, response) => {
      cause = new Fault('LINK_REFUSED', { url: this.url, answer: `${response.statusCode} ${response.statusMessage}` });
      socket.terminate();
    });
    socket.once('open', () => this.#up(socket));
    socket.once('close', (code) => {
      const why = cause ?? farSideFault(this.url, new Error(`it closed with code ${code}`));
      this.#channel = undefined;
      // What is in flight, the channel rejects: it knows why.
      this.#window.hold(why);
      this.#life.lost(why);
    });
  }

  #up(socket: WebSocket): void {
    const settings = {
      socket,
      url: this.url,
      from: new URL(this.url).host,
      limits: this.#limits,
      take: (message: ReceivedMessage) => this.#readers.push(message),
      refusal: () => undefined,
    };
    this.#channel = this.#settings.plain === true ? new PlainChannel(settings) : new FramedChannel(settings);
    keepAlive(socket, this.#channel, this.#limits.keepAliveMs, false);
    this.#life.up();
    this.#window.open();
  }

  #transmit(message: Message, signal: AbortSignal): Promise<void> {
    const channel = this.#channel;
    if (channel === undefined) return Promise.reject(new Fault('FAR_SIDE_GONE', { url: this.url }));
    return channel.send(this.#number(message), signal);
  }
}
