import type { ProtocolName } from '../../src/endpoint/traits.ts';
import type { DeviceProfile } from '../../src/devices/device-profile.ts';

/** What one link did for a message: set by the node that carried it, read by client, monitor and optimizer. */
export interface Carried {
  readonly protocol: ProtocolName;
  /** One way, from send to receipt, in ms. */
  readonly latencyMs: number;
  readonly bytes: number;
}

/** Node-RED's `msg`, with the names our nodes give it. Names of the core nodes mean what they mean there. */
export interface FlowMessage {
  _msgid?: string;
  topic?: unknown;
  payload?: unknown;
  contentType?: unknown;
  /** MQTT 5 user properties; the same name on every protocol. */
  userProperties?: unknown;
  /** The device a reading came from. */
  device?: DeviceProfile;
  carried?: Carried;
  /** Ids of steps this message has been through that guard a circle, or pass each message once. */
  visited?: readonly string[];
  [name: string]: unknown;
}
