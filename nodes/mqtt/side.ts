import type { LinkState } from '../../src/endpoint/link-state.ts';
import type {
  MqttSubscription,
  OnHeld,
  Outgoing,
  PublishOptions,
  SubscribeOptions,
} from '../../src/endpoints/mqtt/index.ts';
import type { Properties, ProtocolLevel, Qos } from '../../src/wire/mqtt/index.ts';

/** A message as it comes in. It may be used again for the next one, and its payload may be a part of something larger. */
export interface Arrived {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly properties: Properties;
}

/** What a node does with a broker: the same whether it is reached through a socket or is in this process. */
export interface MqttSide {
  /** For people. */
  readonly url: string;
  /** No socket between: the broker is in this process. */
  readonly direct: boolean;
  /** The broker runs on this machine, as far as its address tells. */
  readonly local: boolean;
  readonly level: ProtocolLevel;
  /** Who speaks for the broker: the name in its certificate, its address, or the sender of the message at hand. */
  readonly from: string;
  readonly state: LinkState;
  /** Where answers to us can go: what the broker told, or a topic of our own. */
  readonly responsePrefix: string;
  onState(listener: (state: LinkState) => void): () => void;
  /** Undefined when it is done. Throws as `MqttClient.publish` does. */
  publish(topic: string, payload: Uint8Array, options: PublishOptions): Outgoing | undefined;
  /** Ended with `keep`, a broker that keeps the session goes on with it: the node will come back for it. */
  subscribe(
    filter: string,
    options: SubscribeOptions,
    onMessage: (arrived: Arrived) => void,
    onHeld?: OnHeld,
  ): MqttSubscription;
  /** Opens or closes the connection by wish; nothing to do where there is none. */
  connect(broker: unknown): Promise<void>;
  disconnect(): Promise<void>;
}
