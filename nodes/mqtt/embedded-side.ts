import type { Services } from '../../src/app/services.ts';
import type { LinkState } from '../../src/endpoint/link-state.ts';
import type { MqttSubscription, OnHeld, PublishOptions, SubscribeOptions } from '../../src/endpoints/mqtt/index.ts';
import type { Arrived, MqttSide } from './side.ts';

const up: LinkState = { name: 'up', since: Date.now() };
/** What the broker calls those in its own process. */
const OURSELVES = 'broker';

/** The broker of this process, without a socket: a message is with its subscribers when `publish` returns. */
export class EmbeddedSide implements MqttSide, AsyncDisposable {
  readonly url = 'mqtt://embedded';
  readonly direct = true;
  readonly local = true;
  readonly level = 5;
  readonly state = up;
  readonly responsePrefix = 'reply/embedded';
  readonly #broker: Services['broker'];
  readonly #socket: () => MqttSide;
  #from = OURSELVES;

  /** `socket` is for what only a session can have. */
  constructor(broker: Services['broker'], socket: () => MqttSide) {
    this.#broker = broker;
    this.#socket = socket;
  }

  get from(): string {
    return this.#from;
  }

  onState(): () => void {
    return () => undefined;
  }

  publish(topic: string, payload: Uint8Array, { qos = 0, retain = false, properties }: PublishOptions): undefined {
    this.#broker.publishNow({ topic, payload, qos, retain, ...(properties !== undefined && { properties }) });
  }

  subscribe(
    filter: string,
    options: SubscribeOptions,
    onMessage: (arrived: Arrived) => void,
    onHeld?: OnHeld,
  ): MqttSubscription {
    if (filter.startsWith('$share/')) return this.#socket().subscribe(filter, options, onMessage, onHeld);
    const { qos = 0, noLocal = false, retainAsPublished = false, retainHandling = 0 } = options;
    // What is retained comes before the call returns; the flag of later messages says how they were published.
    let asked = true;
    const take = (message: Arrived & { readonly from: string }): void => {
      if (noLocal && message.from === OURSELVES) return;
      this.#from = message.from;
      const retain = message.retain && (asked || retainAsPublished);
      if (retain === message.retain && message.qos <= qos) onMessage(message);
      else onMessage(new Lowered(message, message.qos <= qos ? message.qos : qos, retain));
    };
    const end = this.#broker.attach(filter, take, { retained: retainHandling !== 2 });
    asked = false;
    onHeld?.();
    return { end: async () => end() };
  }

  async connect(): Promise<void> {}

  async disconnect(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** The message as a subscription of less quality or without Retain As Published gets it (MQTT 5, 3.8.3.1). */
class Lowered implements Arrived {
  readonly #message: Arrived;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;

  constructor(message: Arrived, qos: 0 | 1 | 2, retain: boolean) {
    this.#message = message;
    this.qos = qos;
    this.retain = retain;
  }

  get topic(): string {
    return this.#message.topic;
  }

  get payload(): Buffer {
    return this.#message.payload;
  }

  get properties(): Arrived['properties'] {
    return this.#message.properties;
  }
}
