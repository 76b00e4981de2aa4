import type { LinkLimits, TlsIdentity } from '../../endpoint/endpoint.ts';
import type { Broker } from '../../broker/broker.ts';

export type Qos = 0 | 1 | 2;

/** What the broker sends us (MQTT 5, 3.8.3.1). */
export interface Subscription {
  readonly filter: string;
  /** Default 1. */
  readonly qos?: Qos;
  /** Leave out what this link published itself. Default false. */
  readonly noLocal?: boolean;
  /** Keep the retain flag as the publisher set it. Default false. */
  readonly retainAsPublished?: boolean;
  /** Retained messages: 0 at each subscribe, 1 only for a new subscription, 2 never. Default 0. */
  readonly retainHandling?: 0 | 1 | 2;
}

export interface MqttLinkSettings extends LinkLimits {
  /** `mqtts://host:port`; the port is 8883 unless it says so. */
  readonly url: string;
  readonly tls: TlsIdentity;
  /** Random when missing, so that no two links take each other's place. */
  readonly clientId?: string;
  readonly username?: string;
  readonly password?: string;
  readonly subscribe?: readonly Subscription[];
  /** Of what is sent. 0 is taken over when it is written, 1 at PUBACK, 2 at PUBCOMP. Default 1. */
  readonly qos?: Qos;
  /** The broker keeps the last message of each topic. Default false. */
  readonly retain?: boolean;
  /** How long the broker keeps what we missed while away, in s; needs a `clientId`. Default 0: not at all. */
  readonly sessionExpirySeconds?: number;
}

export interface MqttListenSettings extends LinkLimits {
  readonly broker: Broker;
  /** What the listener's readers get. */
  readonly filter: string;
  /** The broker's address, for people. Default `mqtt://embedded`. */
  readonly url?: string;
  /** Of what is sent. Default 1. */
  readonly qos?: Qos;
  readonly retain?: boolean;
}
