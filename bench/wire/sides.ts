import { Writable } from 'node:stream';
import { parser, writeToStream, type IPublishPacket } from 'mqtt-packet';
import { Decoder, encodeProperties, PacketWriter, type ProtocolLevel, type Qos } from '../../src/wire/mqtt/index.ts';
import type { Side } from './duel.ts';

interface Shape {
  readonly what: string;
  readonly level: ProtocolLevel;
  readonly qos: Qos;
  readonly contentType?: string;
}

type Case = readonly [what: string, sides: { ours: Side; peer: Side }];

const shapes: readonly Shape[] = [
  { what: 'QoS 0', level: 4, qos: 0 },
  { what: 'QoS 1', level: 4, qos: 1 },
  { what: 'v5, a property', level: 5, qos: 0, contentType: 'text/plain' },
];

const batch = 400;
const topics = Array.from({ length: 100 }, (_, index) => `sensors/${String(index).padStart(4, '0')}/temperature`);
const payload = Buffer.alloc(100, 'x');

/** 400 packets a chunk, each looked at as a flow would: topic and payload taken. */
export const readers: readonly Case[] = shapes.map((shape) => {
  const chunk = chunkOf(shape);
  return [`read ${shape.what}`, { ours: ourReader(shape, chunk), peer: peerReader(shape, chunk) }];
});

/** 400 packets a turn. */
export const writers: readonly Case[] = shapes.map((shape) => [
  `write ${shape.what}`,
  { ours: ourWriter(shape), peer: peerWriter(shape) },
]);

function ourReader({ level }: Shape, chunk: Buffer): Side {
  let bytes = 0;
  const none = (): void => undefined;
  const sink = { puback: none, pubrec: none, pubrel: none, pubcomp: none, packet: none };
  const publish = (view: { topic: string; payload: Buffer }): void => {
    bytes += view.topic.length + view.payload.length;
  };
  const decoder = new Decoder({ ...sink, publish }, { side: 'client', level });
  decoder.push(Buffer.from(level === 5 ? '2003000000' : '20020000', 'hex'));
  return () => {
    bytes = 0;
    const malformed = decoder.push(chunk);
    if (malformed !== undefined || bytes === 0) throw new Error(malformed?.text ?? 'nothing was read');
    return batch;
  };
}

function peerReader({ level }: Shape, chunk: Buffer): Side {
  let bytes = 0;
  const parsing = parser({ protocolVersion: level });
  parsing.on('packet', (packet) => {
    const { topic, payload } = packet as IPublishPacket;
    bytes += topic.length + payload.length;
  });
  return () => {
    bytes = 0;
    parsing.parse(chunk);
    if (bytes === 0) throw new Error('nothing was read');
    return batch;
  };
}

function ourWriter({ level, qos, contentType }: Shape): Side {
  const writer = new PacketWriter(
    { cork: () => undefined, uncork: () => undefined, write: (_, done) => done?.() },
    { level },
  );
  return () => {
    for (let index = 0; index < batch; index += 1) {
      const properties = contentType === undefined ? undefined : encodeProperties({ contentType });
      writer.publish(topics[index % topics.length]!, payload, qos, false, index + 1, properties);
    }
    writer.flush();
    return batch;
  };
}

function peerWriter({ level, qos, contentType }: Shape): Side {
  const stream = new Writable({
    write: (_chunk, _encoding, done) => done(),
    writev: (_chunks, done) => done(),
  });
  return () => {
    for (let index = 0; index < batch; index += 1) {
      const properties = contentType === undefined ? {} : { properties: { contentType } };
      const topic = topics[index % topics.length]!;
      const packet = { cmd: 'publish', topic, payload, qos, retain: false, dup: false, messageId: index + 1 } as const;
      writeToStream({ ...packet, ...properties }, stream, { protocolVersion: level });
    }
    return batch;
  };
}

function chunkOf({ level, qos, contentType }: Shape): Buffer {
  const chunks: Buffer[] = [];
  const target = {
    cork: () => undefined,
    uncork: () => undefined,
    write: (chunk: Uint8Array) => chunks.push(Buffer.from(chunk)),
  };
  const writer = new PacketWriter(target, { level });
  const properties = contentType === undefined ? undefined : encodeProperties({ contentType });
  for (let index = 0; index < batch; index += 1) {
    writer.publish(topics[index % topics.length]!, payload, qos, false, index + 1, properties);
  }
  writer.flush();
  return Buffer.concat(chunks);
}
