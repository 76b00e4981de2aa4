import type { LinkLimits, TlsIdentity } from '../../../endpoint/endpoint.ts';
import type { Properties, ProtocolLevel, Qos, Will } from '../../../wire/mqtt/index.ts';

/** A message the client publishes by itself: when it is up, or before it leaves. */
export interface Announcement {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos?: Qos;
  readonly retain?: boolean;
  readonly properties?: Properties;
}

/** Enhanced authentication (MQTT 5, 4.12): what we say first, and what to each challenge. */
export interface Authentication {
  readonly method: string;
  readonly data?: Uint8Array;
  /** Our answer to a challenge. What it throws ends the connection. */
  answer?(challenge: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** Looks at the last word of the broker, in its CONNACK. What it throws ends the connection. */
  verify?(last: Uint8Array | undefined): void;
}

/** Everything a CONNECT says, and how to get to the broker. */
export interface MqttClientSettings extends LinkLimits {
  /** `mqtt:`, `mqtts:`, `ws:` or `wss:`; the default ports are 1883, 8883, 80 and 443. */
  readonly url: string;
  /** For `mqtts:` and `wss:`: whom to trust; what Node.js trusts when missing. Verification cannot be switched off. */
  readonly tls?: TlsIdentity;
  /** An `http:` or `https:` proxy that knows CONNECT, or `none`. Default: as the environment says. */
  readonly proxy?: string;
  /** 3 is MQTT 3.1, 4 is 3.1.1. Default 5. */
  readonly level?: ProtocolLevel;
  /** Random when missing, so that no two clients take each other's place. */
  readonly clientId?: string;
  /** Forget, at the first connect, what the broker has kept. Default: when no session is to be kept. */
  readonly cleanStart?: boolean;
  /** How long the broker keeps the session after a connection, in s; before MQTT 5 any figure says "keep". Default 0. */
  readonly sessionExpirySeconds?: number;
  readonly username?: string;
  readonly password?: string | Uint8Array;
  /** Messages of QoS 1 and 2 the broker may send before we acknowledge one. Default: `maxInFlight`. */
  readonly receiveMaximum?: number;
  /** Largest packet we take, in bytes. Default: `maxPayloadBytes` and 64 KiB. */
  readonly maximumPacketSize?: number;
  /** Topic aliases the broker may use. Default 32. */
  readonly topicAliasMaximum?: number;
  /** Use topic aliases for what we publish as far as the broker allows. Default true. */
  readonly useTopicAliases?: boolean;
  /** Default true, both. */
  readonly requestResponseInformation?: boolean;
  readonly requestProblemInformation?: boolean;
  readonly userProperties?: readonly (readonly [name: string, value: string])[];
  readonly will?: Will;
  readonly birth?: Announcement;
  readonly farewell?: Announcement;
  readonly authentication?: Authentication;
  /** Go where the broker sends us (Server Reference; MQTT 5, 4.11). Default false. */
  readonly followRedirects?: boolean;
  /** The client is up when every subscription holds; a refused one ends the connection. Default false: its subscriber is told. */
  readonly needsAllSubscriptions?: boolean;
  /** Quality of service without which the broker is of no use. Default 0. */
  readonly needsQos?: Qos;
}

/** Room for topic and properties beside the payload, in what we let the broker send. */
export const HEADER_BYTES = 65_536;

/** True when the broker is to keep the session. */
export function isKept({ sessionExpirySeconds = 0 }: Pick<MqttClientSettings, 'sessionExpirySeconds'>): boolean {
  return sessionExpirySeconds > 0;
}
