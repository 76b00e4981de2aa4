import type { LinkState } from '../../endpoint/link-state.ts';
import { MqttClient } from '../../endpoints/mqtt/client/index.ts';
import { edgeIdentity } from '../join-handler.ts';
import { type FleetTopic, fleetTopic, toPayload, type Reported } from '../protocol.ts';
import type { EdgeIdentity } from './identity.ts';
import type { Log } from './runner-process.ts';

const KEEP_ALIVE_MS = 22_500;
/** Releases are the largest of what travels here. */
const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;

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
  readonly #client: MqttClient;
  #told = '';

  constructor(identity: EdgeIdentity, handlers: EdgeLinkHandlers) {
    this.#identity = identity;
    this.#handlers = handlers;
    this.#client = this.#newClient();
    this.#subscribe('desired', (document) => {
      if (document.length > 0) handlers.desired(document);
    });
    this.#subscribe('cmd', handlers.command);
    this.#client.onState((state) => this.#look(state));
    this.#client.start();
  }

  /** Publishes the reported state, when connected; at every connect it is asked for again. */
  report(reported: Reported): void {
    if (this.#client.state.name === 'up') this.#publish('reported', toPayload(reported));
  }

  /** Says goodbye when it can, so that the host does not look lost. */
  async close(): Promise<void> {
    await this.#client.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #look(state: LinkState): void {
    const { log, connected } = this.#handlers;
    const { broker } = this.#identity;
    if (state.name === 'up') {
      this.#told = '';
      log('info', `connected to ${broker}`);
      this.#publish('presence', toPayload({ online: true }));
      connected();
    }
    if (state.name !== 'waiting') return;
    const { cause } = state;
    const reason = cause.cause instanceof Error ? cause.cause.message : cause.message;
    if (reason !== this.#told) log('warn', `no link to ${broker}: ${reason}`);
    this.#told = reason;
  }

  #subscribe(topic: FleetTopic, take: (payload: Uint8Array) => void): void {
    this.#client.subscribe(
      this.#topic(topic),
      { qos: 1 },
      // Kept for long: it must not be a part of a socket's chunk.
      ({ payload }) => take(Buffer.from(payload)),
      (refusal) => {
        if (refusal !== undefined) this.#handlers.log('error', `cannot subscribe: ${refusal.message}`);
      },
    );
  }

  #publish(topic: FleetTopic, payload: Buffer): void {
    const tell = (error?: Error): void => {
      if (error !== undefined) this.#handlers.log('warn', `cannot publish ${topic}: ${error.message}`);
    };
    try {
      this.#client.publish(this.#topic(topic), payload, { qos: 1, retain: true }, tell);
    } catch (error) {
      tell(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #topic(topic: FleetTopic): string {
    return fleetTopic(this.#identity.edgeId, topic);
  }

  #newClient(): MqttClient {
    const { broker, ca, certificate, key, edgeId } = this.#identity;
    const offline = {
      topic: this.#topic('presence'),
      payload: toPayload({ online: false }),
      qos: 1,
      retain: true,
      properties: {},
    } as const;
    return new MqttClient({
      url: broker,
      tls: { ca, cert: certificate, key },
      clientId: edgeIdentity(edgeId),
      keepAliveMs: KEEP_ALIVE_MS,
      maxPayloadBytes: MAX_PAYLOAD_BYTES,
      will: offline,
      farewell: offline,
    });
  }
}
