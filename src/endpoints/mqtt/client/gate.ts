import type { Fault } from '../../../fault.ts';
import type { PacketWriter, Qos } from '../../../wire/mqtt/index.ts';
import { farSideRefused } from './refusal.ts';

/** What the connection at hand lets through. */
export interface Gate {
  readonly writer: PacketWriter;
  readonly stream: { readonly writableLength: number };
  readonly receiveMaximum: number;
  /** Messages of QoS 2 under way, at most. */
  readonly exactMaximum: number;
  readonly topicAliasMaximum: number;
  readonly maximumQos: Qos;
  readonly retainAvailable: boolean;
}

/** Unsent bytes of a socket from which on messages wait. */
const HIGH_WATER_BYTES = 1_048_576;

export function isFull({ stream, writer }: Gate): boolean {
  return stream.writableLength + writer.pendingBytes > HIGH_WATER_BYTES;
}

/** Why the broker at hand takes no such message. */
export function gateProblem(gate: Gate | undefined, url: string, qos: Qos, retain: boolean): Fault | undefined {
  if (gate === undefined) return undefined;
  if (qos > gate.maximumQos) return farSideRefused(url, `it offers QoS ${gate.maximumQos} only`);
  if (retain && !gate.retainAvailable) return farSideRefused(url, 'it keeps no retained messages');
  return undefined;
}
