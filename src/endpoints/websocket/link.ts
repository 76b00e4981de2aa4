import type { Link, ReadOptions, SendOptions } from '../../endpoint/endpoint.ts';
import { farSideFault } from '../../endpoint/far-side-fault.ts';
import { fillLimits, type FilledLimits } from '../../endpoint/limits.ts';
import { LinkLife } from '../../endpoint/link-life.ts';
import type { LinkState } from '../../endpoint/link-state.ts';
import type { Message, ReceivedMessage } from '../../endpoint/message.ts';
import { Readers } from '../../endpoint/reader-queue.ts';
import { SendWindow } from '../../endpoint/send-window.ts';
import { Fault, isFault } from '../../fault.ts';
import { closeCodes } from '../../wire/websocket/index.ts';
import { clientConnection } from './client-connection.ts';
import { Connection, type ConnectionEvents } from './connection.ts';
import { dial, type Dialled } from './dial.ts';
import { FramedChannel } from './framed-channel.ts';
import { handOver } from './hand-over.ts';
import { Heartbeat, type Pulse } from './heartbeat.ts';
import { Outgoing, outgoingNumbers } from './outgoing.ts';
import type { Packed } from './packed.ts';
import { plainTopic } from './plain-topic.ts';
import { ReaderRoom } from './reader-room.ts';
import { ResumePoint } from './resume-point.ts';
import { defaultWebSocketLimits } from './default-limits.ts';
import type { WebSocketLinkSettings } from './settings.ts';
import { SUBPROTOCOL, websocketTraits } from './traits.ts';

/** A message of the far side: with the frame it was in, when both speak our frames. */
export interface LinkArrival {
  readonly payload: Buffer;
  readonly isText: boolean;
  readonly message: Message | undefined;
}

interface Open extends Pulse {
  readonly channel: FramedChannel | undefined;
  /** The sub-protocol that was agreed, or empty. */
  readonly protocol: string;
  /** What readers have no room for. */
  readonly room: ReaderRoom;
}

/** A link over one WebSocket (RFC 6455). */
export class WebSocketLink implements Link {
  readonly url: string;
  readonly traits;
  readonly #settings: WebSocketLinkSettings;
  readonly #limits: FilledLimits;
  readonly #isPlain: boolean;
  readonly #from: string;
  readonly #topic: string;
  readonly #life: LinkLife;
  readonly #window: SendWindow;
  readonly #readers = new Readers();
  readonly #number = outgoingNumbers();
  readonly #onMessage = new Set<(arrival: LinkArrival) => void>();
  readonly #resume = new ResumePoint();
  readonly #heartbeat: Heartbeat;
  readonly #events: ConnectionEvents = {
    message: (_connection, payload, isText) => this.#take(payload, isText),
    malformed: (_connection, { text }) => (this.#cause ??= new Error(`it sent ${text}`)),
    dropped: () => undefined,
    closed: (_connection, code, reason) => this.#lost(code, reason),
  };
  #dialling: AbortController | undefined;
  #open: Open | undefined;
  #cause: Error | undefined;

  constructor(settings: WebSocketLinkSettings) {
    const { origin, protocol, host, pathname } = new URL(settings.url);
    this.#settings = settings;
    this.#limits = fillLimits(settings);
    this.#isPlain = settings.plain === true;
    this.url = origin === 'null' ? `${protocol}//${host}${pathname}` : origin + pathname;
    this.#from = host;
    this.#topic = plainTopic(pathname);
    this.traits = { ...websocketTraits, acknowledged: !this.#isPlain };
    this.#life = new LinkLife(this.url, this.#limits, () => void this.#dial());
    this.#window = new SendWindow(this.url, this.#limits);
    this.#heartbeat = new Heartbeat(this.#limits.keepAliveMs, false, () =>
      this.#open === undefined ? [] : [this.#open],
    );
    this.#life.start();
  }

  get state(): LinkState {
    return this.#life.state;
  }

  /** The far side gets bare payloads. */
  get isPlain(): boolean {
    return this.#isPlain;
  }

  /** The sub-protocol that was agreed, or empty. */
  get protocol(): string {
    return this.#open?.protocol ?? '';
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

  /** Gives every message at once, without a promise for each. Returns what stops that. */
  onMessage(take: (arrival: LinkArrival) => void): () => void {
    this.#onMessage.add(take);
    return () => this.#onMessage.delete(take);
  }

  send(message: Message, options?: SendOptions): Promise<void> {
    const named = this.#isPlain ? { ...message, topic: this.#topic } : message;
    return this.#send(named, undefined, options);
  }

  /** Sends what is packed already to a far side that gets bare payloads: without a promise when it leaves now. */
  sendPlain(packed: Packed, options?: SendOptions): Promise<void> | undefined {
    const open = this.#open;
    if (open === undefined || open.connection.isBlocked || !open.connection.isOpen || this.#window.waiting > 0) {
      // Its size is all that is asked of it while it waits.
      const payload = new Uint8Array(packed.sizeBytes);
      return this.#send({ topic: this.#topic, payload }, packed, options);
    }
    const { maxPayloadBytes: limitBytes } = this.#limits;
    if (packed.sizeBytes > limitBytes)
      throw new Fault('PAYLOAD_TOO_LARGE', { sizeBytes: packed.sizeBytes, limitBytes });
    return open.connection.send(packed) ? undefined : Promise.resolve();
  }

  close(): Promise<void> {
    if (this.#life.close()) {
      this.#heartbeat.stop();
      this.#window.close();
      this.#readers.close();
      // The signal would also cut what it has opened, before the goodbye.
      if (this.#open === undefined) this.#dialling?.abort(new Fault('LINK_CLOSED', { url: this.url }));
      else this.#open.connection.close(closeCodes.done);
    }
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #dial(): Promise<void> {
    const { url, tls, subprotocols = [], headers = {}, http = '1.1', proxy } = this.#settings;
    const { keepAliveMs } = this.#limits;
    const dialling = new AbortController();
    this.#dialling = dialling;
    this.#cause = undefined;
    const late = setTimeout(() => dialling.abort(new Error(`no answer in ${keepAliveMs} ms`)), keepAliveMs || 15_000);
    try {
      const dialled = await dial({
        url,
        shownUrl: this.url,
        tls,
        http,
        subprotocols: this.#isPlain ? subprotocols : [SUBPROTOCOL],
        headers: { ...headers, ...this.#resume.headers },
        compression: this.#settings.compression ?? defaultWebSocketLimits.compression,
        proxy,
        signal: dialling.signal,
      });
      if (this.#life.closed) dialled.stream.destroy();
      else this.#up(dialled);
    } catch (error) {
      const why = isFault(error) ? error : farSideFault(this.url, error);
      this.#window.hold(why);
      this.#life.lost(why);
    } finally {
      clearTimeout(late);
    }
  }

  #up({ stream, head, protocol, agreement, headers }: Dialled): void {
    if (!this.#isPlain && protocol !== SUBPROTOCOL) {
      stream.destroy();
      throw new Fault('LINK_REFUSED', { url: this.url, answer: `no subprotocol ${SUBPROTOCOL}: it is no Chartwire` });
    }
    const settings = clientConnection(this.#isPlain, this.#limits, this.#settings);
    const connection = new Connection(stream, settings, this.#events, agreement);
    this.#resume.answered(headers);
    const channel = this.#isPlain ? undefined : this.#channel(connection);
    this.#open = { connection, channel, protocol, room: new ReaderRoom(), owesSince: undefined, silentLooks: 0 };
    this.#life.up();
    this.#window.open();
    connection.start(head);
  }

  #channel(connection: Connection): FramedChannel {
    return new FramedChannel({
      connection,
      url: this.url,
      from: this.#from,
      limits: this.#limits,
      take: (message, id) => {
        this.#resume.took(id);
        for (const take of this.#onMessage) take({ payload: message.payload as Buffer, isText: false, message });
        return this.#readers.offer(message);
      },
      refusal: () => undefined,
    });
  }

  #take(payload: Buffer, isText: boolean): void {
    const open = this.#open;
    if (open === undefined) return;
    if (open.channel !== undefined) {
      open.channel.take(payload, isText);
      return;
    }
    for (const take of this.#onMessage) take({ payload, isText, message: undefined });
    if (this.#readers.count === 0) return;
    const message = { topic: this.#topic, payload, from: this.#from };
    const room = this.#readers.offer(isText ? { ...message, contentType: 'text/plain' } : message);
    if (room !== undefined) open.room.await(room, open.connection);
  }

  #lost(code: number, reason: string): void {
    const said = reason === '' ? `it closed with code ${code}` : `it closed with code ${code}: ${reason}`;
    const why = farSideFault(this.url, this.#cause ?? new Error(said));
    const channel = this.#open?.channel;
    this.#open = undefined;
    // What is in flight, the channel rejects: it knows why.
    this.#window.hold(why);
    channel?.lose(code);
    this.#life.lost(why);
  }

  #send(message: Message, plain: Packed | undefined, options: SendOptions | undefined): Promise<void> {
    return this.#window.send(message, (signal) => this.#transmit(message, plain, signal), options);
  }

  #transmit(message: Message, plain: Packed | undefined, signal: AbortSignal): Promise<void> {
    const open = this.#open;
    if (open === undefined) return Promise.reject(new Fault('FAR_SIDE_GONE', { url: this.url }));
    const outgoing = new Outgoing(this.#number(), message, false, plain);
    return handOver(open, outgoing, signal);
  }
}
