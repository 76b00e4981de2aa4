import type { Properties } from './properties.ts';

/** 3 is MQTT 3.1, 4 is MQTT 3.1.1, 5 is MQTT 5.0. */
export type ProtocolLevel = 3 | 4 | 5;

export type Qos = 0 | 1 | 2;

/** Every packet but PUBLISH and its answers, which have paths of their own. `properties` are empty before level 5. */
export type Packet =
  | Connect
  | Connack
  | Subscribe
  | Suback
  | Unsubscribe
  | Unsuback
  | { readonly type: 'pingreq' }
  | { readonly type: 'pingresp' }
  | Disconnect
  | Auth;

export interface Connect {
  readonly type: 'connect';
  readonly level: ProtocolLevel;
  readonly clientId: string;
  /** Clean session before level 5. */
  readonly cleanStart: boolean;
  /** Seconds; 0 switches it off. */
  readonly keepAlive: number;
  readonly username?: string | undefined;
  readonly password?: Uint8Array | undefined;
  readonly will?: Will | undefined;
  readonly properties: Properties;
}

export interface Will {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly properties: Properties;
}

export interface Connack {
  readonly type: 'connack';
  readonly sessionPresent: boolean;
  /** At level 5 a reason code, before it a return code (0 to 5): see `connackReturnCode`. */
  readonly reasonCode: number;
  readonly properties: Properties;
}

export interface Subscribe {
  readonly type: 'subscribe';
  readonly packetId: number;
  readonly subscriptions: readonly Subscription[];
  readonly properties: Properties;
}

export interface Subscription {
  readonly topicFilter: string;
  readonly qos: Qos;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  readonly retainHandling: 0 | 1 | 2;
}

export interface Suback {
  readonly type: 'suback';
  readonly packetId: number;
  readonly reasonCodes: readonly number[];
  readonly properties: Properties;
}

export interface Unsubscribe {
  readonly type: 'unsubscribe';
  readonly packetId: number;
  readonly topicFilters: readonly string[];
  readonly properties: Properties;
}

export interface Unsuback {
  readonly type: 'unsuback';
  readonly packetId: number;
  /** Empty before level 5. */
  readonly reasonCodes: readonly number[];
  readonly properties: Properties;
}

export interface Disconnect {
  readonly type: 'disconnect';
  readonly reasonCode: number;
  readonly properties: Properties;
}

export interface Auth {
  readonly type: 'auth';
  readonly reasonCode: number;
  readonly properties: Properties;
}
