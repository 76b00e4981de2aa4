import assert from 'node:assert/strict';
import { generate, parser, type Packet } from 'mqtt-packet';
import {
  connackBytes,
  connectBytes,
  FIRST,
  grantBytes,
  lengthAt,
  publishTemplate,
  readConnect,
  readFilters,
  subscribeBytes,
  type Level,
} from '../../../bench/mqtt/load/bytes.ts';

const LEVELS: readonly Level[] = [4, 5];

for (const level of LEVELS) {
  describe(`the bytes of the load generator, MQTT level ${level}`, () => {
    it('are what mqtt-packet reads as the same packets', () => {
      const connect = connectBytes({ level, clientId: 'one', clean: true, keepAliveSeconds: 60 });
      assert.partialDeepStrictEqual(parsed(level, connect), {
        cmd: 'connect',
        clientId: 'one',
        keepalive: 60,
        clean: true,
      });
      assert.equal(parsed(level, connackBytes(level)).cmd, 'connack');
      const subscribe = parsed(level, subscribeBytes(level, 7, ['a/+', '#'], 1));
      assert.partialDeepStrictEqual(subscribe, {
        messageId: 7,
        subscriptions: [
          { topic: 'a/+', qos: 1 },
          { topic: '#', qos: 1 },
        ],
      });
      assert.partialDeepStrictEqual(parsed(level, grantBytes(level, FIRST.suback, 7, [0, 1])), {
        cmd: 'suback',
        granted: [0, 1],
      });
    });

    it('hold the packet id and the payload of a PUBLISH where the template says', () => {
      const { bytes, idAt, payloadAt } = publishTemplate({
        level,
        topic: 't',
        payload: Buffer.from('abc'),
        qos: 1,
        retain: true,
      });
      bytes.writeUInt16BE(513, idAt);
      bytes.write('xyz', payloadAt);
      const packet = parsed(level, bytes);
      assert.partialDeepStrictEqual(packet, { cmd: 'publish', messageId: 513, qos: 1, retain: true, topic: 't' });
      assert.equal(packet.cmd === 'publish' && packet.payload.toString(), 'xyz');
    });

    it('of CONNECT and SUBSCRIBE are read as mqtt-packet writes them', () => {
      const receiveMaximum = { receiveMaximum: 9, userProperties: { a: 'b' } };
      const properties = level === 5 ? { properties: { sessionExpiryInterval: 5, ...receiveMaximum } } : {};
      const connect = generate({ cmd: 'connect', protocolVersion: level, clientId: 'x', ...properties });
      assert.deepEqual(readConnect(bodyOf(connect)), { level, receiveMaximum: level === 5 ? 9 : 65_535 });
      const subscriptions = [
        { topic: 'a/b', qos: 2 as const },
        { topic: 'c', qos: 0 as const },
      ];
      const identified = level === 5 ? { properties: { subscriptionIdentifier: 200 } } : {};
      const subscribe = generate(
        { cmd: 'subscribe', messageId: 3, subscriptions, ...identified },
        { protocolVersion: level },
      );
      assert.deepEqual(readFilters(bodyOf(subscribe), level, FIRST.subscribe), { id: 3, filters: ['a/b', 'c'] });
    });
  });
}

function parsed(level: Level, bytes: Buffer): Packet {
  const packets: Packet[] = [];
  const reader = parser({ protocolVersion: level });
  reader.on('packet', (packet) => packets.push(packet));
  reader.on('error', assert.fail);
  reader.parse(bytes);
  assert.equal(packets.length, 1);
  return packets[0]!;
}

function bodyOf(packet: Buffer): Buffer {
  return packet.subarray(lengthAt(packet, 1).end);
}
