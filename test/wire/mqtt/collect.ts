import {
  Decoder,
  type DecoderOptions,
  type Malformed,
  type Packet,
  type Properties,
} from '../../../src/wire/mqtt/index.ts';
import type { ProtocolLevel, Qos } from '../../../src/wire/mqtt/index.ts';

export interface Publish {
  readonly type: 'publish';
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly dup: boolean;
  readonly packetId: number;
  readonly properties: Properties;
}

export interface Answer {
  readonly type: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp';
  readonly packetId: number;
  readonly reasonCode: number;
  readonly properties: Properties;
}

export type AnyPacket = Packet | Publish | Answer;

export interface Collected {
  readonly packets: AnyPacket[];
  readonly malformed: Malformed | undefined;
}

/** A decoder whose packets come as a list. */
export function collector(options: DecoderOptions): { decoder: Decoder; packets: AnyPacket[] } {
  const packets: AnyPacket[] = [];
  const answer =
    (type: Answer['type']) =>
    (packetId: number, reasonCode: number, properties: Properties): void =>
      void packets.push({ type, packetId, reasonCode, properties });
  const decoder = new Decoder(
    {
      publish({ topic, payload, qos, retain, dup, packetId, properties }) {
        packets.push({ type: 'publish', topic, payload, qos, retain, dup, packetId, properties });
      },
      puback: answer('puback'),
      pubrec: answer('pubrec'),
      pubrel: answer('pubrel'),
      pubcomp: answer('pubcomp'),
      packet: (packet) => void packets.push(packet),
    },
    options,
  );
  return { decoder, packets };
}

/** What a side of `level` that is connected already makes of the chunks. */
export function decodeAll(
  side: 'server' | 'client',
  level: ProtocolLevel,
  chunks: readonly Uint8Array[],
  topicAliasMaximum = 0,
): Collected {
  const { decoder, packets } = collector(side === 'server' ? { side } : { side, level });
  decoder.push(side === 'server' ? connectBytes[level] : connackBytes[level]);
  decoder.topicAliasMaximum = topicAliasMaximum;
  packets.length = 0;
  let malformed: Malformed | undefined;
  for (const chunk of chunks) malformed = decoder.push(Buffer.from(chunk));
  return { packets, malformed };
}

/** What a server that waits for CONNECT makes of the chunks. */
export function decodeFirst(chunks: readonly Uint8Array[]): Collected {
  const { decoder, packets } = collector({ side: 'server' });
  let malformed: Malformed | undefined;
  for (const chunk of chunks) malformed = decoder.push(Buffer.from(chunk));
  return { packets, malformed };
}

/** Smallest CONNECT and CONNACK of each level, written out by hand. */
export const connectBytes: Readonly<Record<ProtocolLevel, Buffer>> = {
  3: Buffer.from('100f00064d514973647003020000000178', 'hex'),
  4: Buffer.from('100c00044d515454040200000000', 'hex'),
  5: Buffer.from('100d00044d51545405020000000000', 'hex'),
};

export const connackBytes: Readonly<Record<ProtocolLevel, Buffer>> = {
  3: Buffer.from('20020000', 'hex'),
  4: Buffer.from('20020000', 'hex'),
  5: Buffer.from('2003000000', 'hex'),
};
