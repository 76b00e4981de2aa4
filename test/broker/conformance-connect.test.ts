import assert from 'node:assert/strict';
import { brokerWorld, type BrokerWorld } from './broker-world.ts';
import { RawClient } from './raw-client.ts';

const text = (value: string): Buffer =>
  Buffer.concat([Buffer.from([value.length >> 8, value.length]), Buffer.from(value)]);

/** A CONNECT by hand: what no codec would write. */
function rawConnect(name: string, level: number, flags: number, rest: Buffer): Buffer {
  const body = Buffer.concat([text(name), Buffer.from([level, flags, 0, 0]), rest]);
  return Buffer.concat([Buffer.from([0x10, body.length]), body]);
}

describe('CONNECT, as the standards say', () => {
  let world: BrokerWorld;
  before(async () => {
    world = await brokerWorld({ authorize: () => true, limits: { connectTimeoutMs: 60_000 } });
  });
  after(() => world[Symbol.asyncDispose]());
  const raw = (level: 3 | 4 | 5): RawClient => new RawClient(world.port, level);

  for (const level of [3, 4, 5] as const) {
    it(`is answered once, at level ${level}`, async () => {
      await using client = raw(level);
      const connack = await client.connect();
      assert.equal(level === 5 ? connack.reasonCode : connack.returnCode, 0);
      await client.settled();
      assert.deepEqual(client.got, []);
    });

    it(`must be the first packet [3.1.0-1], at level ${level}`, async () => {
      await using client = raw(level);
      client.send({ cmd: 'pingreq' });
      await client.end();
      assert.deepEqual(client.got, []);
    });

    it(`is a protocol error the second time [3.1.0-2], at level ${level}`, async () => {
      await using client = raw(level);
      await client.connect({ clientId: `twice-${level}` });
      client.send({
        cmd: 'connect',
        protocolId: level === 3 ? 'MQIsdp' : 'MQTT',
        protocolVersion: level,
        clientId: 'twice',
        clean: true,
      });
      await client.end();
      assert.equal((client.got[0] as { reasonCode?: number } | undefined)?.reasonCode, level === 5 ? 0x82 : undefined);
    });
  }

  it('of another protocol or level is refused with what both sides understand [3.1.2-2]', async () => {
    for (const [name, level] of [
      ['MQTT', 6],
      ['MQTT', 3],
      ['MQIsdp', 4],
      ['HTTP', 4],
    ] as const) {
      await using client = raw(4);
      client.send(rawConnect(name, level, 2, text('x')));
      await client.end();
      assert.deepEqual((client.got[0] as { returnCode?: number } | undefined)?.returnCode, 1, `${name} ${level}`);
    }
  });

  it('with the reserved flag, a will of QoS 3, or a will QoS without will is malformed [3.1.2-3, -11, -12]', async () => {
    for (const flags of [0x03, 0x1e, 0x0a, 0x22]) {
      await using client = raw(4);
      client.send(rawConnect('MQTT', 4, flags, text('x')));
      await client.end();
      assert.deepEqual(client.got, [], `flags ${flags}`);
      await using five = raw(5);
      five.send(rawConnect('MQTT', 5, flags, Buffer.concat([Buffer.from([0]), text('x')])));
      await five.end();
    }
  });

  it('without a client id gets one at level 5, also for a session that lasts [3.1.3-6, -7]', async () => {
    await using client = raw(5);
    client.send(rawConnect('MQTT', 5, 0, Buffer.concat([Buffer.from([0]), text('')])));
    const { properties } = await client.next('connack');
    assert.match(String(properties?.assignedClientIdentifier), /.+/);
  });

  it('without a client id is taken at level 4 with a clean session, else refused with 2 [3.1.3-7, -8]', async () => {
    await using clean = raw(4);
    assert.equal((await clean.connect({ clientId: '' })).returnCode, 0);
    await using kept = raw(4);
    kept.send(rawConnect('MQTT', 4, 0, text('')));
    assert.equal((await kept.next('connack')).returnCode, 2);
    await kept.end();
    await using old = raw(3);
    old.send(rawConnect('MQIsdp', 3, 2, text('')));
    assert.equal((await old.next('connack')).returnCode, 2);
    await old.end();
  });

  it('takes the place of an older connection, which is told 0x8E [3.1.4-3]', async () => {
    await using first = raw(5);
    await first.connect({ clientId: 'same' });
    await using second = raw(4);
    await second.connect({ clientId: 'same' });
    assert.equal((await first.next('disconnect')).reasonCode, 0x8e);
    await first.end();
    await second.settled();
  });

  it('says whether a session was there, and clean start ends it [3.2.2-2, -3]', async () => {
    const lasting = { clientId: 'lasting', clean: false, properties: { sessionExpiryInterval: 100 } };
    for (const [clean, present] of [
      [true, false],
      [false, true],
      [true, false],
    ] as const) {
      await using client = raw(5);
      const connack = await client.connect({ ...lasting, clean });
      assert.equal(connack.sessionPresent, present);
      client.send({ cmd: 'disconnect' });
      await client.end();
    }
  });

  it('tells the limits of the broker, and the session expiry only where it differs', async () => {
    await using client = raw(5);
    const { properties } = await client.connect({ properties: { sessionExpiryInterval: 4_294_967_295 } });
    assert.equal(properties?.receiveMaximum, 1024);
    assert.equal(properties?.maximumPacketSize, 262_144);
    assert.equal(properties?.topicAliasMaximum, 64);
    assert.equal(properties?.sessionExpiryInterval, 604_800);
    await using short = raw(5);
    const connack = await short.connect({ keepalive: 60, properties: { sessionExpiryInterval: 60 } });
    assert.equal(connack.properties?.sessionExpiryInterval, undefined);
    assert.equal(connack.properties?.serverKeepAlive, undefined);
    await using long = raw(5);
    assert.equal((await long.connect({ keepalive: 4000 })).properties?.serverKeepAlive, 300);
  });

  it('from a client that takes no packets as large as the answer is refused, and takes the place of nobody', async () => {
    await using older = raw(5);
    await older.connect({ clientId: 'narrow' });
    for (const maximumPacketSize of [1, 4, 12]) {
      await using narrow = raw(5);
      const answer = narrow.connect({ clientId: 'narrow', properties: { maximumPacketSize } });
      if (maximumPacketSize < 5) await assert.rejects(answer, /ended without connack/);
      else assert.equal((await answer).reasonCode, 0x95);
      await narrow.end();
    }
    await older.settled();
    assert.deepEqual(older.got, []);
  });

  it('gets response information only when it asks for it [3.1.2-28]', async () => {
    await using asks = raw(5);
    const { properties } = await asks.connect({ clientId: 'asks', properties: { requestResponseInformation: true } });
    assert.equal(properties?.responseInformation, 'response/asks');
    await using silent = raw(5);
    assert.equal((await silent.connect()).properties?.responseInformation, undefined);
  });

  it('with an authentication method we do not have is refused with 0x8C', async () => {
    await using client = raw(5);
    assert.equal((await client.connect({ properties: { authenticationMethod: 'SCRAM' } })).reasonCode, 0x8c);
    await client.end();
  });

  it('is followed by AUTH only with a method [4.12.0-6]', async () => {
    await using client = raw(5);
    await client.connect();
    client.send(Buffer.from([0xf0, 0]));
    assert.equal((await client.next('disconnect')).reasonCode, 0x82);
  });

  it('may be followed by packets at once [3.1.4-5 allows it]', async () => {
    await using client = raw(4);
    client.send(
      { cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, clientId: 'eager' },
      { cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'eager', qos: 0 }] },
      { cmd: 'publish', topic: 'eager', payload: 'x', qos: 0 },
    );
    assert.equal(String((await client.next('publish')).payload), 'x');
  });

  it('ends after one and a half times the keep alive without a packet [3.1.2-22], with 0x8D', async () => {
    await using client = raw(5);
    await client.connect({ keepalive: 1 });
    assert.equal((await client.next('disconnect')).reasonCode, 0x8d);
    await client.end();
  });

  it('is undone by DISCONNECT: nothing behind it is looked at [3.14.4]', async () => {
    await using watcher = raw(4);
    await watcher.connect();
    watcher.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'after/#', qos: 0 }] });
    await watcher.next('suback');
    await using client = raw(4);
    await client.connect();
    client.send({ cmd: 'disconnect' }, { cmd: 'publish', topic: 'after/x', payload: 'x', qos: 0 });
    await client.end();
    await watcher.settled();
    assert.deepEqual(watcher.got, []);
  });

  it('without session expiry cannot ask for one in DISCONNECT [3.14.2-2]', async () => {
    await using client = raw(5);
    await client.connect();
    client.send({ cmd: 'disconnect', properties: { sessionExpiryInterval: 5 } });
    assert.equal((await client.next('disconnect')).reasonCode, 0x82);
  });

  for (const [what, bytes] of [
    ['a packet only servers send', Buffer.from([0x20, 2, 0, 0])],
    ['packet type 0', Buffer.from([0, 0])],
    ['a remaining length of five bytes [1.5.5]', Buffer.from([0xc0, 0xff, 0xff, 0xff, 0xff, 0x01])],
    ['flags that must be 0 [2.1.3-1]', Buffer.from([0xc1, 0])],
    ['SUBSCRIBE without its flags [3.8.1-1]', Buffer.from([0x80, 6, 0, 1, 0, 1, 97, 0])],
    ['SUBSCRIBE without a filter [3.8.3-2]', Buffer.from([0x82, 3, 0, 1, 0])],
    ['SUBSCRIBE with packet id 0 [2.2.1-3]', Buffer.from([0x82, 7, 0, 0, 0, 0, 1, 97, 0])],
    ['UNSUBSCRIBE without a filter [3.10.3-2]', Buffer.from([0xa2, 3, 0, 1, 0])],
    ['PUBLISH of QoS 3 [3.3.1-4]', Buffer.from([0x36, 6, 0, 1, 97, 0, 1, 0])],
    ['PUBLISH of QoS 0 with DUP [3.3.1-2]', Buffer.from([0x38, 4, 0, 1, 97, 0])],
    ['a topic with NUL [1.5.4-2]', Buffer.from([0x30, 4, 0, 1, 0, 0])],
    ['a topic that is not UTF-8 [1.5.4-1]', Buffer.from([0x30, 4, 0, 1, 0xff, 0])],
    ['a topic with a wildcard [3.3.2-2]', Buffer.from([0x30, 4, 0, 1, 0x23, 0])],
    ['an empty topic without alias', Buffer.from([0x30, 3, 0, 0, 0])],
    ['subscription identifier 0', Buffer.from([0x82, 9, 0, 1, 2, 0x0b, 0, 0, 1, 97, 0])],
    ['a property twice [2.2.2]', Buffer.from([0x30, 8, 0, 1, 97, 4, 1, 0, 1, 0])],
    ['a property of another packet', Buffer.from([0x30, 9, 0, 1, 97, 5, 0x11, 0, 0, 0, 1])],
  ] as const) {
    it(`is over with a reason code after ${what}, and nobody else notices`, async () => {
      await using other = raw(5);
      await other.connect();
      await using client = raw(5);
      await client.connect();
      client.send(bytes);
      const code = Number((await client.next('disconnect')).reasonCode);
      assert.ok(code >= 0x81 && code <= 0x94, `0x${code.toString(16)}`);
      await client.end();
      await other.settled();
    });
  }
});
