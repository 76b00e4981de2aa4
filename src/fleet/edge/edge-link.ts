import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { backoff } from '../../endpoint/backoff.ts';
import { edgeIdentity } from '../join-handler.ts';
import { type FleetTopic, fleetTopic, toPayload, type Reported } from '../protocol.ts';
import type { EdgeIdentity } from './identity.ts';
import type { Log } from './runner-process.ts';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
const KEEP_ALIVE_SECONDS = 15;
const CONNECT_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 1000;

export interface EdgeLinkHandlers {
  readonly log: Log;
  /** A release document arrived; it is the newest the controller wants, and comes again at every connect. */
  readonly desired: (document: Uint8Array) => void;
  readonly command: (payload: Uint8Array) => void;
  readonly connected: () => void;
}

/** The way to the controller. However it fails, nothing but this link stops. */
export class EdgeLink implements AsyncDisposable {
  readonly #identity: EdgeIdentity;
  readonly #handlers: EdgeLinkHandlers;
  readonly #closing = new AbortController();
  readonly #life: Promise<void>;
  #client: MqttClient | undefined;

  constructor(identity: EdgeIdentity, handlers: EdgeLinkHandlers) {
    this.#identity = identity;
    this.#handlers = handlers;
    this.#life = this.#live();
  }

  /** Publishes the reported state, when connected; at every connect it is asked for again. */
  report(reported: Reported): void {
    if (this.#client?.connected) this.#publish(this.#client, 'reported', toPayload(reported));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#life;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #live(): Promise<void> {
    const { signal } = this.#closing;
    let pauses = backoff(FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
    let last = '';
    while (!signal.aborted) {
      const end = await this.#connectOnce(signal);
      if (end.wasUp) pauses = backoff(FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
      if (end.reason !== last && !signal.aborted)
        this.#handlers.log('warn', `no link to ${this.#identity.broker}: ${end.reason}`);
      last = end.wasUp ? '' : end.reason;
      await sleep(pauses.next().value, undefined, { signal }).catch(() => {});
    }
  }

  /** Resolves when this connection has ended. */
  async #connectOnce(signal: AbortSignal): Promise<{ wasUp: boolean; reason: string }> {
    let wasUp = false;
    let reason = 'the connection was closed';
    const client = connect(this.#identity.broker, this.#options());
    const ended = new Promise<void>((resolve) => client.once('close', resolve));
    const leave = (): void => this.#leave(client);
    client.on('error', (error) => (reason = error.message));
    client.on('connect', () => {
      wasUp = true;
      this.#arrive(client);
    });
    client.on('message', (topic, payload) => {
      if (topic === this.#topic('desired') && payload.length > 0) this.#handlers.desired(payload);
      else if (topic === this.#topic('cmd')) this.#handlers.command(payload);
    });
    this.#client = client;
    signal.addEventListener('abort', leave, { once: true });
    try {
      if (signal.aborted) leave();
      await ended;
    } finally {
      signal.removeEventListener('abort', leave);
      client.end(true);
    }
    return { wasUp, reason };
  }

  #arrive(client: MqttClient): void {
    this.#handlers.log('info', `connected to ${this.#identity.broker}`);
    this.#publish(client, 'presence', toPayload({ online: true }));
    this.#handlers.connected();
    client.subscribe({ [this.#topic('desired')]: { qos: 1 }, [this.#topic('cmd')]: { qos: 1 } }, (error) => {
      if (error) this.#handlers.log('error', `cannot subscribe: ${error.message}`);
    });
  }

  /** Says goodbye when it can, so that the host does not look lost; a far side that does not answer is not waited for. */
  #leave(client: MqttClient): void {
    const cut = setTimeout(() => client.stream.destroy(), CLOSE_TIMEOUT_MS);
    client.once('close', () => clearTimeout(cut));
    if (client.connected) {
      client.publish(this.#topic('presence'), toPayload({ online: false }), { qos: 1, retain: true }, () =>
        client.end(),
      );
    } else client.end(true);
  }

  #publish(client: MqttClient, topic: FleetTopic, payload: Buffer): void {
    client.publish(this.#topic(topic), payload, { qos: 1, retain: true }, (error) => {
      if (error) this.#handlers.log('warn', `cannot publish ${topic}: ${error.message}`);
    });
  }

  #topic(topic: FleetTopic): string {
    return fleetTopic(this.#identity.edgeId, topic);
  }

  #options(): IClientOptions {
    const { ca, certificate, key, edgeId } = this.#identity;
    const will = {
      topic: this.#topic('presence'),
      payload: toPayload({ online: false }),
      qos: 1,
      retain: true,
    } as const;
    return {
      ca,
      cert: certificate,
      key,
      rejectUnauthorized: true,
      ALPNProtocols: ['mqtt'],
      clientId: edgeIdentity(edgeId),
      protocolVersion: 5,
      clean: true,
      keepalive: KEEP_ALIVE_SECONDS,
      connectTimeout: CONNECT_TIMEOUT_MS,
      // Our own pauses have jitter and grow; the package's are fixed.
      reconnectPeriod: 0,
      queueQoSZero: false,
      will,
    };
  }
}
