import { TLSSocket } from 'node:tls';
import { addressOf } from '../../address.ts';
import { knownOnly, type Access } from '../../endpoint/access.ts';
import type { LinkLimits, Listener, ReadOptions, SendOptions } from '../../endpoint/endpoint.ts';
import { sendToAll } from '../../endpoint/far-sides.ts';
import { fillLimits, type FilledLimits } from '../../endpoint/limits.ts';
import type { Message, ReceivedMessage } from '../../endpoint/message.ts';
import { Readers } from '../../endpoint/reader-queue.ts';
import { SendWindow } from '../../endpoint/send-window.ts';
import { topicProblem } from '../../endpoint/topic.ts';
import { Fault } from '../../fault.ts';
import { identityOf, type Door } from '../../front-door/door.ts';
import { pathOf } from '../../front-door/routes.ts';
import { findForeignOrigin } from '../../front-door/own-origin.ts';
import type { Exchange } from '../../http/exchange.ts';
import { refuseExchange } from '../../http/status-of-fault.ts';
import { eventOf } from './events.ts';
import { EventStream } from './event-stream.ts';
import { findTopic, propertiesOf } from './message.ts';
import { readBody } from './read-body.ts';

export interface Http2ListenSettings extends LinkLimits {
  readonly door: Door;
  /** Where it is served: `/ingest`. Messages are posted below it. */
  readonly path: string;
  /** Default: everybody with a certificate our CA signed may send and receive, nobody else. */
  readonly authorize?: Access;
}

/** Serves one path of the door: takes posted messages, and sends to those who read its events. */
export class Http2Listener implements Listener {
  readonly url: string;
  readonly #path: string;
  readonly #limits: FilledLimits;
  readonly #access: Access;
  readonly #unmount: () => void;
  readonly #readers = new Readers();
  readonly #streams = new Set<EventStream>();
  readonly #window: SendWindow;
  #held = 0;
  #closed = false;

  constructor(settings: Http2ListenSettings) {
    const { door, path, authorize } = settings;
    this.#path = path.endsWith('/') ? path.slice(0, -1) : path;
    this.url = `https://${addressOf(door.host, door.port)}${this.#path}`;
    this.#limits = fillLimits(settings);
    this.#access = authorize ?? knownOnly;
    this.#window = new SendWindow(this.url, this.#limits);
    this.#window.open();
    this.#unmount = door.exchange(this.#path, (exchange) => {
      try {
        this.#serve(exchange);
      } catch (error) {
        refuseExchange(exchange, error);
      }
    });
  }

  get connections(): number {
    return this.#streams.size;
  }

  receive(options?: ReadOptions): AsyncIterableIterator<ReceivedMessage> {
    return this.#readers.receive(options);
  }

  send(message: Message, options?: SendOptions): Promise<void> {
    const transmit = (signal: AbortSignal): Promise<void> =>
      sendToAll(this.#streams, eventOf(message), message.topic, signal);
    return this.#window.send(message, transmit, options);
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#unmount();
    this.#window.close();
    this.#readers.close();
    for (const stream of this.#streams) stream.close();
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #serve(exchange: Exchange): void {
    const rest = pathOf(exchange.target).slice(this.#path.length);
    const isRoot = rest === '' || rest === '/';
    if (exchange.method === 'POST') {
      this.#take(exchange, rest).catch((error: unknown) => refuseExchange(exchange, error));
    } else if (exchange.method === 'GET' && isRoot) this.#openStream(exchange);
    else throw new Fault('METHOD_REFUSED', { method: exchange.method, allow: isRoot ? 'GET' : 'POST' });
  }

  /** Answers 204 once the readers have room: until then the far side waits, and its window fills. */
  async #take(exchange: Exchange, rest: string): Promise<void> {
    const { headers, socket } = exchange;
    const identity = this.#admit(exchange);
    const topic = findTopic(rest);
    const problem = topic === undefined ? 'the path is not percent-encoded UTF-8' : topicProblem(topic);
    if (topic === undefined || problem !== undefined) throw new Fault('MESSAGE_INVALID', { problem: problem ?? '' });
    const encoding = headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity') throw new Fault('ENCODING_REFUSED', { encoding });
    if (!this.#access(identity, 'publish', topic)) throw refusal(identity, `publish to ${topic}`);
    if (this.#held >= this.#limits.maxWaiting) throw new Fault('QUEUE_FULL', { queue: this.url, limit: this.#held });
    this.#held += 1;
    try {
      const payload = await readBody(exchange, this.#limits.maxPayloadBytes, this.#limits.sendTimeoutMs, this.url);
      const from = identity ?? socket.remoteAddress ?? '';
      await this.#readers.push({ topic, payload, ...propertiesOf(headers), from });
    } finally {
      this.#held -= 1;
    }
    exchange.answer(204, []);
  }

  #openStream(exchange: Exchange): void {
    const identity = this.#admit(exchange);
    if (identity === undefined && !this.#access(identity, 'subscribe', '#')) throw refusal(identity, 'read events');
    const stream = new EventStream({ identity, exchange, access: this.#access, keepAliveMs: this.#limits.keepAliveMs });
    this.#streams.add(stream);
    exchange.onOver(() => this.#streams.delete(stream));
  }

  /** Who asks, if it may ask at all. */
  #admit(exchange: Exchange): string | undefined {
    if (this.#closed) throw new Fault('LINK_CLOSED', { url: this.url });
    const origin = findForeignOrigin(exchange);
    if (origin !== undefined) throw new Fault('ORIGIN_FOREIGN', { origin });
    return exchange.socket instanceof TLSSocket ? identityOf(exchange.socket) : undefined;
  }
}

function refusal(identity: string | undefined, action: string): Fault {
  return identity === undefined
    ? new Fault('IDENTITY_MISSING', {})
    : new Fault('ACTION_FORBIDDEN', { identity, action });
}
