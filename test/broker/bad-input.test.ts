import assert from 'node:assert/strict';
import { logRefusals } from '../../src/broker/log-refusals.ts';
import { brokerWorld, type BrokerWorld } from './broker-world.ts';
import { RawClient } from './raw-client.ts';

const LIMIT = 10_000;
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
/** A PUBLISH of QoS 0 with these bytes as its topic; MQTT 5 has a length of its properties behind it. */
function publishBytes(level: 4 | 5, topic: Buffer): Buffer {
  const body = Buffer.concat([
    Buffer.from([topic.length >> 8, topic.length & 0xff]),
    topic,
    level === 5 ? hex('00') : hex(''),
  ]);
  const rest = body.length < 128 ? [body.length] : [(body.length & 0x7f) | 0x80, body.length >> 7];
  return Buffer.concat([Buffer.from([0x30, ...rest]), body]);
}

/** What is wrong, its bytes, the reason code of DISCONNECT; MQTT 3 has none, and ends. */
const forms: readonly (readonly [what: string, bytes: (level: 4 | 5) => Buffer, code: number])[] = [
  ['a packet of no type', () => hex('00 00'), 0x81],
  ['reserved flags', () => hex('c1 00'), 0x81],
  ['a length of five bytes', () => hex('30 ff ff ff ff 01'), 0x81],
  ['a packet shorter than its content', () => hex('30 03 00 09 61'), 0x81],
  [
    'a second CONNECT',
    (level) => Buffer.concat([hex('10 0d 0004 4d515454'), Buffer.from([level]), hex('02 0000 0001 61')]),
    0x82,
  ],
  ['a packet only servers send', () => hex('d0 00'), 0x82],
  ['a wildcard in a publish topic', (level) => publishBytes(level, Buffer.from('a/#')), 0x81],
  ['a NUL in a topic', (level) => publishBytes(level, Buffer.from('a\0b')), 0x81],
  ['invalid UTF-8 in a topic', (level) => publishBytes(level, hex('c3 28')), 0x81],
  ['a surrogate in a topic', (level) => publishBytes(level, hex('ed a0 80')), 0x81],
  ['a packet above the limit', () => hex('30 ff ff 7f'), 0x95],
];

describe('Bad input', () => {
  let world: BrokerWorld;
  let lines: string[];
  let undisturbed: RawClient;
  beforeEach(async () => {
    world = await brokerWorld({
      authorize: (_id, _action, topic) => topic !== 'secret',
      limits: { maxPacketBytes: LIMIT },
    });
    lines = [];
    logRefusals(world.broker, (line) => lines.push(line));
    undisturbed = new RawClient(world.port, 5);
    await undisturbed.connect({ clientId: 'undisturbed' });
  });
  afterEach(async () => {
    await undisturbed.settled();
    assert.deepEqual(undisturbed.got, []);
    await undisturbed[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
  });

  /** One line with the client id, and one more on the counter. */
  function assertTold(clientId: string): void {
    assert.deepEqual([lines.length, world.broker.counts.refused], [1, 1], lines.join('\n'));
    assert.ok(lines[0]!.startsWith(`MQTT: refused ${JSON.stringify(clientId)}: `), lines[0]);
  }

  for (const level of [4, 5] as const) {
    describe(`at level ${level}`, () => {
      for (const [what, bytes, code] of forms) {
        it(`${what} ${level === 5 ? `is told 0x${code.toString(16)}, and` : ''} ends the connection`, async () => {
          await using client = new RawClient(world.port, level);
          await client.connect({ clientId: 'bad' });
          client.send(bytes(level));
          if (level === 5) assert.equal((await client.next('disconnect')).reasonCode, code);
          await client.end();
          assert.deepEqual(client.got, []);
          assertTold('bad');
        });
      }

      it('a topic nobody may publish to is refused', async () => {
        await using client = new RawClient(world.port, level);
        await client.connect({ clientId: 'bad' });
        client.send({ cmd: 'publish', topic: 'secret', payload: 'x', qos: 1, messageId: 7, retain: false, dup: false });
        if (level === 5) {
          assert.equal((await client.next('puback')).reasonCode, 0x87);
          await client.settled();
        } else await client.end();
        assertTold('bad');
      });

      it('a topic nobody may subscribe to is refused, and nothing else', async () => {
        await using client = new RawClient(world.port, level);
        await client.connect({ clientId: 'bad' });
        client.send({
          cmd: 'subscribe',
          messageId: 7,
          subscriptions: [{ topic: 'secret', qos: 1, nl: false, rap: false, rh: 0 }],
        });
        assert.deepEqual((await client.next('suback')).granted, [level === 5 ? 0x87 : 0x80]);
        await client.settled();
        assertTold('bad');
      });

      it('a topic of thousands of levels is refused', async () => {
        await using client = new RawClient(world.port, level);
        await client.connect({ clientId: 'bomb' });
        client.send({
          cmd: 'publish',
          topic: '/'.repeat(9_000),
          payload: 'x',
          qos: 1,
          messageId: 7,
          retain: true,
          dup: false,
        });
        if (level === 5) {
          assert.equal((await client.next('puback')).reasonCode, 0x90);
          await client.settled();
        } else await client.end();
        assertTold('bomb');
      });

      it('a client id that is there ends the older connection', async () => {
        await using older = new RawClient(world.port, level);
        await older.connect({ clientId: 'twin' });
        await using newer = new RawClient(world.port, level);
        await newer.connect({ clientId: 'twin' });
        if (level === 5) assert.equal((await older.next('disconnect')).reasonCode, 0x8e);
        await older.end();
        await newer.settled();
        assertTold('twin');
      });
    });
  }

  for (const level of [4, 5] as const) {
    it(`a CONNECT that is wrong behind its client id is told with it, at level ${level}`, async () => {
      await using client = new RawClient(world.port, level);
      const properties = level === 5 ? '00' : '';
      // The will topic is a wildcard.
      const body = hex(`0004 4d515454 0${level} 06 0000 ${properties} 0003 626164 ${properties} 0001 23 0000`);
      client.send(Buffer.concat([Buffer.of(0x10, body.length), body]));
      if (level === 5) assert.equal((await client.next('connack')).reasonCode, 0x81);
      await client.end();
      assert.deepEqual(client.got, []);
      assertTold('bad');
    });
  }

  it('an unknown protocol level is told so, and the connection ends [3.1.1, 3.1.2-2]', async () => {
    await using client = new RawClient(world.port, 4);
    client.send(hex('10 0d 0004 4d515454 09 02 0000 0001 61'));
    assert.equal((await client.next('connack')).returnCode, 1);
    await client.end();
    assertTold('a');
  });

  it('an unknown protocol level with properties is told so in the words of MQTT 5 [MQTT 5, 3.1.2-2]', async () => {
    await using client = new RawClient(world.port, 5);
    client.send(hex('10 0e 0004 4d515454 09 02 0000 00 0001 61'));
    assert.equal((await client.next('connack')).reasonCode, 0x84);
    await client.end();
    assertTold('a');
  });

  it('bytes that are no MQTT end the connection unanswered', async () => {
    await using client = new RawClient(world.port, 4);
    client.send(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
    await client.end();
    assert.deepEqual(client.got, []);
    assertTold('');
  });

  it('a client id of a whole packet takes no more than a part of a line', async () => {
    await using client = new RawClient(world.port, 5);
    await client.connect({ clientId: 'x'.repeat(9_000) });
    client.send(hex('c1 00'));
    await client.end();
    assert.equal(lines.length, 1);
    assert.ok(lines[0]!.length < 400);
  });
});
