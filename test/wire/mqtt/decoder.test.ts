import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Decoder, encodeProperties, reasonCode, type PacketSink } from '../../../src/wire/mqtt/index.ts';
import { collector, connectBytes, decodeAll } from './collect.ts';
import { written } from './written.ts';

const hello = Buffer.from('hello');
const publishes = written(4, (writer) => {
  for (const topic of ['a', 'b', 'c', 'd']) writer.publish(topic, hello, 0, false);
});

describe('MQTT decoder', () => {
  it('reads every topic as it was written', () => {
    const topics = ['sensors/0001/temperature', 'sensors/0002/temperature'];
    const bytes = written(4, (writer) => {
      for (const topic of [...topics, ...topics, 'ä/ö', '\uFEFFa']) writer.publish(topic, hello, 0, false);
    });
    assert.deepEqual(topicsOf(bytes), [...topics, ...topics, 'ä/ö', '\uFEFFa']);
  });

  it('tells topics apart that hash alike', () => {
    const topics = Array.from({ length: 30_000 }, (_, index) => `t/${index % 20_000}`);
    const bytes = written(4, (writer) => {
      for (const topic of topics) writer.publish(topic, hello, 0, false);
    });
    assert.deepEqual(topicsOf(bytes), topics);
  });

  it('shows a PUBLISH as parts of its chunk', () => {
    const properties = encodeProperties({
      correlationData: Buffer.from('id'),
      userProperties: [
        ['a', 'b'],
        ['a', 'c'],
      ],
    });
    const chunk = written(5, (writer) => writer.publish('a/b', hello, 2, true, 0x1234, properties, true));
    const seen: unknown[] = [];
    const decoder = serverOf({
      publish(view) {
        const { start, end, bodyStart, propertiesStart, propertiesEnd, payloadStart, payloadLength } = view;
        assert.equal(view.bytes, chunk);
        assert.equal(view.payload.buffer, chunk.buffer);
        assert.deepEqual(chunk.subarray(propertiesStart, propertiesEnd), properties);
        assert.deepEqual(
          [start, end, bodyStart, payloadStart, payloadLength],
          [0, chunk.length, 2, chunk.length - 5, 5],
        );
        seen.push(view.topic, view.qos, view.retain, view.dup, view.packetId, view.payload, view.properties);
      },
    });
    decoder.push(connectBytes[5]);
    assert.equal(decoder.push(chunk), undefined);
    const expected = {
      correlationData: Buffer.from('id'),
      userProperties: [
        ['a', 'b'],
        ['a', 'c'],
      ],
    };
    assert.deepEqual(seen, ['a/b', 2, true, true, 0x1234, hello, expected]);
  });

  it('resolves topic aliases, and lets them be set anew', () => {
    const alias = (topicAlias: number): Uint8Array => encodeProperties({ topicAlias });
    const bytes = written(5, (writer) => {
      for (const [topic, number] of [
        ['a', 1],
        ['b', 2],
        ['', 1],
        ['c', 1],
        ['', 1],
        ['', 2],
      ] as const) {
        writer.publish(topic, hello, 0, false, 0, alias(number));
      }
    });
    const { packets, malformed } = decodeAll('server', 5, [bytes], 2);
    assert.equal(malformed, undefined);
    assert.deepEqual(
      packets.map((packet) => packet.type === 'publish' && packet.topic),
      ['a', 'b', 'a', 'c', 'c', 'b'],
    );
  });

  it('holds what follows until it may go on, in order', () => {
    const topics: string[] = [];
    const decoder = serverOf({
      publish({ topic }) {
        topics.push(topic);
        decoder.hold();
      },
    });
    decoder.push(connectBytes[4]);
    decoder.push(publishes.subarray(0, 5));
    decoder.push(publishes.subarray(5, 25));
    assert.deepEqual(topics, ['a']);
    decoder.push(publishes.subarray(25));
    for (const expected of ['ab', 'abc', 'abcd', 'abcd']) {
      assert.equal(decoder.resume(), undefined);
      assert.equal(topics.join(''), expected);
    }
  });

  it('may be told to go on at once', () => {
    const topics: string[] = [];
    const decoder = serverOf({
      publish({ topic }) {
        topics.push(topic);
        decoder.hold();
        decoder.resume();
      },
    });
    decoder.push(connectBytes[4]);
    decoder.push(publishes);
    assert.equal(topics.join(''), 'abcd');
  });

  it('tells on resume what is wrong with the bytes held', () => {
    const decoder = serverOf({ packet: () => decoder.hold() });
    assert.equal(decoder.push(Buffer.concat([connectBytes[4], Buffer.from('c100', 'hex')])), undefined);
    assert.equal(decoder.resume()?.reasonCode, reasonCode.malformedPacket);
  });

  it('gives nothing more after stop', () => {
    const topics: string[] = [];
    const decoder = serverOf({
      publish({ topic }) {
        topics.push(topic);
        if (topic === 'b') decoder.stop();
      },
    });
    decoder.push(connectBytes[4]);
    assert.equal(decoder.push(publishes), undefined);
    assert.equal(decoder.push(Buffer.from('ff', 'hex')), undefined);
    assert.equal(topics.join(''), 'ab');
  });

  it('takes a CONNECT of MQTT 3.1 that promises a user name and has none', () => {
    const { decoder, packets } = collector({ side: 'server' });
    assert.equal(decoder.push(Buffer.from('100f00064d514973647003c20000000178', 'hex')), undefined);
    const [packet] = packets;
    assert.ok(packet?.type === 'connect' && packet.username === undefined && packet.password === undefined);
  });

  it('takes the DUP flag of MQTT 3.1 where later standards have none', () => {
    const again = ['6a020001', '8a06000100016101', 'aa050001000161'].map((hex) => Buffer.from(hex, 'hex'));
    const { packets, malformed } = decodeAll('server', 3, again);
    assert.equal(malformed, undefined);
    assert.deepEqual(
      packets.map(({ type }) => type),
      ['pubrel', 'subscribe', 'unsubscribe'],
    );
  });

  it('lets a server ask for more before CONNACK', () => {
    const auth = written(5, (writer) =>
      writer.packet({ type: 'auth', reasonCode: 0x18, properties: { authenticationMethod: 'm' } }),
    );
    const { decoder, packets } = collector({ side: 'client', level: 5 });
    assert.equal(decoder.push(Buffer.concat([auth, Buffer.from('2003000000', 'hex')])), undefined);
    assert.deepEqual(
      packets.map(({ type }) => type),
      ['auth', 'connack'],
    );
  });
});

function topicsOf(bytes: Buffer): string[] {
  const { packets, malformed } = decodeAll('server', 4, [bytes]);
  assert.equal(malformed, undefined);
  return packets.map((packet) => (packet.type === 'publish' ? packet.topic : packet.type));
}

/** A server's decoder that minds only some packets. */
function serverOf(some: Partial<PacketSink>): Decoder {
  const nothing = (): void => undefined;
  const sink = {
    publish: nothing,
    puback: nothing,
    pubrec: nothing,
    pubrel: nothing,
    pubcomp: nothing,
    packet: nothing,
  };
  return new Decoder({ ...sink, ...some }, { side: 'server' });
}
