import type { TLSSocket } from 'node:tls';
import type { NextFunction, Request, Response } from 'express';
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
import { identityOf, type Door, type DoorRequest, type DoorResponse } from '../../front-door/door.ts';
import { expressApp, type DoorApp } from '../../front-door/express-bridge.ts';
import { pathOf } from '../../front-door/routes.ts';
import { findForeignOrigin } from '../../front-door/own-origin.ts';
import { eventOf } from './events.ts';
import { EventStream } from './event-stream.ts';
import { findTopic, propertiesOf } from './message.ts';
import { readBody } from './read-body.ts';
import { refuse } from './refuse.ts';

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
    const app = this.#newApp();
    this.#unmount = door.http(this.#path, (request, response) => this.#serve(app, request, response));
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

  /** A POST goes straight to its handler: routing it through Express would cost more than all the rest of it. */
  #serve(app: DoorApp, request: DoorRequest, response: DoorResponse): void {
    const rest = (request.url ?? '').slice(this.#path.length);
    request.url = rest.startsWith('/') ? rest : `/${rest}`;
    if (request.method === 'POST') {
      this.#take(request, response).catch((error: unknown) => refuse(request, response, error));
    } else app(request, response);
  }

  #newApp(): DoorApp {
    const app = expressApp();
    app.get('/', (request, response) => this.#openStream(request, response));
    app.use((request) => {
      throw new Fault('METHOD_REFUSED', { method: request.method, allow: request.path === '/' ? 'GET' : 'POST' });
    });
    app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
      refuse(request, response, error);
    });
    return app;
  }

  /** Answers 204 once the readers have room: until then the far side waits, and its window fills. */
  async #take(request: DoorRequest, response: DoorResponse): Promise<void> {
    const identity = this.#admit(request);
    const topic = findTopic(pathOf(request.url));
    const problem = topic === undefined ? 'the path is not percent-encoded UTF-8' : topicProblem(topic);
    if (topic === undefined || problem !== undefined) throw new Fault('MESSAGE_INVALID', { problem: problem ?? '' });
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity') throw new Fault('ENCODING_REFUSED', { encoding });
    if (!this.#access(identity, 'publish', topic)) throw refusal(identity, `publish to ${topic}`);
    if (this.#held >= this.#limits.maxWaiting) throw new Fault('QUEUE_FULL', { queue: this.url, limit: this.#held });
    this.#held += 1;
    try {
      const payload = await readBody(request, this.#limits.maxPayloadBytes, this.#limits.sendTimeoutMs, this.url);
      const from = identity ?? request.socket.remoteAddress ?? '';
      await this.#readers.push({ topic, payload, ...propertiesOf(request.headers), from });
    } finally {
      this.#held -= 1;
    }
    response.statusCode = 204;
    response.end();
  }

  #openStream(request: Request, response: Response): void {
    const identity = this.#admit(request);
    if (identity === undefined && !this.#access(identity, 'subscribe', '#')) throw refusal(identity, 'read events');
    const stream = new EventStream({ identity, response, access: this.#access, keepAliveMs: this.#limits.keepAliveMs });
    this.#streams.add(stream);
    response.once('close', () => this.#streams.delete(stream));
  }

  /** Who asks, if it may ask at all. */
  #admit(request: DoorRequest): string | undefined {
    if (this.#closed) throw new Fault('LINK_CLOSED', { url: this.url });
    const origin = findForeignOrigin(request);
    if (origin !== undefined) throw new Fault('ORIGIN_FOREIGN', { origin });
    return identityOf(request.socket as TLSSocket);
  }
}

function refusal(identity: string | undefined, action: string): Fault {
  return identity === undefined
    ? new Fault('IDENTITY_MISSING', {})
    : new Fault('ACTION_FORBIDDEN', { identity, action });
}
