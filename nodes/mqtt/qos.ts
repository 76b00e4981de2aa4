import type { Qos } from '../../src/endpoints/mqtt/index.ts';
import { Fault } from '../../src/fault.ts';

/** The figure that stands behind a choice or in `msg.qos`. Throws MESSAGE_INVALID. */
export function qosOf(value: unknown): Qos {
  const qos = Number(value);
  if (qos === 0 || qos === 1 || qos === 2) return qos;
  throw new Fault('MESSAGE_INVALID', { problem: `QoS ${String(value)} is none of 0, 1 and 2` });
}
