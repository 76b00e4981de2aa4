import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as fc from 'fast-check';
import { encodeProperties, encodePublish, FlushQueue, PacketWriter } from '../../../src/wire/mqtt/index.ts';
import { levels } from './arbitraries.ts';
import { decodeAll } from './collect.ts';
import { recorder, written } from './written.ts';

const hello = Buffer.from('hello');

describe('MQTT packet writer', () => {
  it('gives the target all packets of a turn at once, at its end', async () => {
    const target = recorder();
    const writer = new PacketWriter(target, { level: 4 });
    writer.publish('a', hello, 0, false);
    writer.puback(1);
    assert.equal(target.chunks.length, 0);
    assert.equal(writer.pendingBytes, 14);
    await Promise.resolve();
    assert.deepEqual(target.chunks, [Buffer.from('300800016168656c6c6f40020001', 'hex')]);
    assert.equal(writer.pendingBytes, 0);
    writer.pubrel(2);
    await Promise.resolve();
    assert.deepEqual(target.chunks[1], Buffer.from('62020002', 'hex'));
  });

  it('gives them at once on demand, and nothing twice', async () => {
    const target = recorder();
    const writer = new PacketWriter(target, { level: 4 });
    writer.packet({ type: 'pingreq' });
    writer.flush();
    writer.flush();
    await Promise.resolve();
    assert.deepEqual(target.chunks, [Buffer.from('c000', 'hex')]);
  });

  it('waits for every readable socket with a queue of that kind', async () => {
    const target = recorder();
    const writer = new PacketWriter(target, { level: 4, queue: new FlushQueue('immediate') });
    writer.packet({ type: 'pingreq' });
    await Promise.resolve();
    assert.equal(target.chunks.length, 0);
    await new Promise(setImmediate);
    assert.equal(target.chunks.length, 1);
  });

  it('forgets what a closed target would not take', () => {
    const target = recorder();
    const writer = new PacketWriter(target, { level: 4 });
    writer.publish('a', Buffer.alloc(100_000), 0, false);
    writer.puback(3);
    writer.discard();
    assert.equal(writer.pendingBytes, 0);
    writer.puback(4);
    writer.flush();
    assert.deepEqual(target.chunks, [Buffer.from('40020004', 'hex')]);
  });

  it('writes a large payload where it lies', () => {
    const chunks: Uint8Array[] = [];
    const target = { cork: () => undefined, uncork: () => undefined, write: (chunk: Uint8Array) => chunks.push(chunk) };
    const writer = new PacketWriter(target, { level: 4 });
    const payload = Buffer.alloc(16_384);
    writer.publish('a', payload, 1, false, 1);
    writer.flush();
    assert.equal(chunks[1], payload);
  });

  for (const level of levels) {
    it(`writes nothing larger than the far side takes at level ${level}`, () => {
      const packets = written(level, (writer) => {
        const template = encodePublish(level, 'a', hello, 1, false);
        const size = template.bytes.length;
        for (const maxPacketBytes of [size - 1, size]) {
          writer.maxPacketBytes = maxPacketBytes;
          const fits = maxPacketBytes === size;
          assert.equal(writer.publish('a', hello, 1, false, 7), fits);
          assert.equal(writer.template(template, 8), fits);
        }
        writer.maxPacketBytes = 3;
        assert.equal(writer.puback(1), false);
        const subscription = {
          topicFilter: 'a',
          qos: 0,
          noLocal: false,
          retainAsPublished: false,
          retainHandling: 0,
        } as const;
        assert.equal(
          writer.packet({ type: 'subscribe', packetId: 1, subscriptions: [subscription], properties: {} }),
          false,
        );
      });
      assert.equal(decodeAll('client', level, [packets]).packets.length, 2);
    });

    it(`writes a template at level ${level} as it would the packet`, () => {
      const topic = fc.constantFrom('a', 'ä/b', 'x'.repeat(300), 'x'.repeat(20_000));
      const size = fc.constantFrom(0, 1, 100, 16_000, 16_384, 70_000);
      const qos = fc.constantFrom(0 as const, 1 as const, 2 as const);
      fc.assert(
        fc.property(topic, size, qos, fc.boolean(), fc.boolean(), (topic, size, qos, retain, dup) => {
          const payload = Buffer.alloc(size, 7);
          const properties = level === 5 ? encodeProperties({ contentType: 'text/plain' }) : undefined;
          const again = dup && qos > 0;
          const template = encodePublish(level, topic, payload, qos, retain, properties);
          const twice = written(level, (writer) => {
            writer.template(template, 0x1234, again);
            writer.template(template, 0x1235);
          });
          const plain = written(level, (writer) => {
            writer.publish(topic, payload, qos, retain, 0x1234, properties, again);
            writer.publish(topic, payload, qos, retain, 0x1235, properties);
          });
          assert.ok(twice.equals(plain));
        }),
      );
    });
  }

  it('keeps the bytes of each batch until they have left', () => {
    const sizes = fc.array(fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 40_000 })), {
      maxLength: 120,
    });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 7 }), (sizes, late) => {
        const chunks: Uint8Array[] = [];
        const leaving: (() => void)[] = [];
        const sent: Buffer[] = [];
        const leave = (): void => {
          sent.push(Buffer.from(chunks.shift()!));
          leaving.shift()!();
        };
        const writer = new PacketWriter(
          {
            cork: () => undefined,
            uncork: () => undefined,
            write(chunk, done) {
              chunks.push(chunk);
              leaving.push(() => done?.());
            },
          },
          { level: 4 },
        );
        for (const [index, size] of sizes.entries()) {
          writer.publish(`t/${index}`, Buffer.alloc(size, index), 1, false, index + 1);
          if (index % 4 === 1) writer.template(encodePublish(4, 'again', Buffer.alloc(0), 0, false));
          if (index % 3 === 0) writer.flush();
          while (chunks.length > late) leave();
        }
        writer.flush();
        while (chunks.length > 0) leave();
        const { packets: all, malformed } = decodeAll('client', 4, sent);
        assert.equal(malformed, undefined);
        const packets = all.filter((packet) => packet.type !== 'publish' || packet.topic !== 'again');
        assert.equal(packets.length, sizes.length);
        for (const [index, packet] of packets.entries()) {
          assert.ok(packet.type === 'publish' && packet.topic === `t/${index}` && packet.packetId === index + 1);
          assert.ok(packet.payload.equals(Buffer.alloc(sizes[index]!, index)));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('leaves explanations out where they would be too much for the far side', () => {
    const properties = { reasonString: 'why', userProperties: [['a', 'b']] } as const;
    const bytes = written(5, (writer) => {
      writer.maxPacketBytes = 6;
      assert.ok(writer.puback(1, 0x80, properties));
      assert.ok(writer.packet({ type: 'suback', packetId: 2, reasonCodes: [0x80], properties }));
      assert.ok(writer.packet({ type: 'disconnect', reasonCode: 0x82, properties }));
      writer.maxPacketBytes = 4;
      assert.equal(writer.packet({ type: 'suback', packetId: 2, reasonCodes: [0x80], properties }), false);
    });
    assert.deepEqual(decodeAll('client', 5, [bytes]).packets, [
      { type: 'puback', packetId: 1, reasonCode: 0x80, properties: {} },
      { type: 'suback', packetId: 2, reasonCodes: [0x80], properties: {} },
      { type: 'disconnect', reasonCode: 0x82, properties: {} },
    ]);
  });

  it('gives one packet for many receivers to each where it lies, and in one piece with others', () => {
    const template = encodePublish(4, 'a', hello, 0, false);
    const chunks: Uint8Array[] = [];
    const target = { cork: () => undefined, uncork: () => undefined, write: (chunk: Uint8Array) => chunks.push(chunk) };
    const writer = new PacketWriter(target, { level: 4 });
    writer.template(template);
    writer.flush();
    assert.equal(chunks[0], template.bytes);
    writer.template(template);
    writer.template(template);
    writer.flush();
    assert.equal(chunks.length, 2);
    assert.deepEqual(chunks[1], Buffer.concat([template.bytes, template.bytes]));
  });

  it('says that a topic is too long for the field', () => {
    const writer = new PacketWriter(recorder(), { level: 4 });
    assert.throws(() => writer.publish('x'.repeat(65_536), hello, 0, false), RangeError);
    assert.throws(() => writer.publish('ä'.repeat(40_000), hello, 0, false), RangeError);
    assert.equal(writer.pendingBytes, 0);
  });
});
