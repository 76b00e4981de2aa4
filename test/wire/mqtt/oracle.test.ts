import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as fc from 'fast-check';
import { encodePacket, encodeProperties, type PacketWriter, type ProtocolLevel } from '../../../src/wire/mqtt/index.ts';
import { connack, connect, levels, packetTo } from './arbitraries.ts';
import { collector, decodeAll, decodeFirst, type Answer, type AnyPacket } from './collect.ts';
import { oracleDecode, oracleEncode } from './oracle.ts';
import { written } from './written.ts';

const runs = { numRuns: 400 };

describe('MQTT packets against mqtt-packet', () => {
  for (const level of levels) {
    for (const side of ['server', 'client'] as const) {
      it(`are read by a ${side} at level ${level} as it writes them`, () => {
        fc.assert(
          fc.property(fc.array(packetTo(side, level), { maxLength: 5 }), (packets) => {
            const bytes = packets.map((packet) => oracleEncode(packet, level));
            assert.deepEqual(decodeAll(side, level, [Buffer.concat(bytes)]), { packets, malformed: undefined });
          }),
          runs,
        );
      });

      it(`are written to a ${side} at level ${level} as it reads them`, () => {
        fc.assert(
          fc.property(fc.array(packetTo(side, level), { maxLength: 5 }), (packets) => {
            const bytes = written(level, (writer) => packets.forEach((packet) => write(writer, packet, level)));
            // One by one: mqtt-packet reads the next packet's first byte as the reason of an empty DISCONNECT.
            const alone = packets.map((packet) => written(level, (writer) => write(writer, packet, level)));
            assert.deepEqual(
              alone.flatMap((each) => oracleDecode(each, level)),
              packets,
            );
            assert.deepEqual(decodeAll(side, level, [bytes]), { packets, malformed: undefined });
          }),
          runs,
        );
      });
    }

    it(`are the same CONNECT at level ${level}`, () => {
      fc.assert(
        fc.property(connect(level), (packet) => {
          assert.deepEqual(decodeFirst([oracleEncode(packet, level)]), { packets: [packet], malformed: undefined });
          assert.deepEqual(oracleDecode(encodePacket(packet, level), level), [packet]);
        }),
        runs,
      );
    });

    it(`are the same CONNACK at level ${level}`, () => {
      fc.assert(
        fc.property(connack(level), (packet) => {
          const { decoder, packets } = collector({ side: 'client', level });
          assert.equal(decoder.push(oracleEncode(packet, level)), undefined);
          assert.deepEqual(packets, [packet]);
          assert.deepEqual(oracleDecode(encodePacket(packet, level), level), [packet]);
        }),
        runs,
      );
    });
  }
});

function write(writer: PacketWriter, packet: AnyPacket, level: ProtocolLevel): void {
  assert.ok(writeAny(writer, packet, level));
}

function writeAny(writer: PacketWriter, packet: AnyPacket, level: ProtocolLevel): boolean {
  if (packet.type === 'publish') {
    const { topic, payload, qos, retain, packetId, dup, properties } = packet;
    const own = level === 5 ? encodeProperties(properties) : undefined;
    return writer.publish(topic, payload, qos, retain, packetId, own, dup);
  }
  if (isAnswer(packet)) return writer[packet.type](packet.packetId, packet.reasonCode, packet.properties);
  return writer.packet(packet);
}

function isAnswer(packet: AnyPacket): packet is Answer {
  return ['puback', 'pubrec', 'pubrel', 'pubcomp'].includes(packet.type);
}
