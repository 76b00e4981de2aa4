import assert from 'node:assert/strict';
import { isFault } from '../../src/fault.ts';
import type { BrokerLimits } from '../../src/broker/broker-limits.ts';
import { brokerWorld, type BrokerWorld } from './broker-world.ts';
import { RawClient } from './raw-client.ts';

const open = { authorize: () => true };
const deep = (levels: number): string => Array.from({ length: levels }, () => 'x').join('/');

function limited(limits: BrokerLimits): Promise<BrokerWorld> {
  return brokerWorld({ ...open, limits });
}

/** What a client of a level is told when its CONNECT is refused: the reason code, or the return code of MQTT 3. */
async function refusal(port: number, level: 4 | 5, more: object = {}): Promise<number | undefined> {
  await using client = new RawClient(port, level);
  const { reasonCode, returnCode } = await client.connect(more);
  await client.end();
  return level === 5 ? reasonCode : returnCode;
}

function publish(topic: string, qos: 0 | 1 | 2, more: object = {}): object {
  return {
    cmd: 'publish',
    topic,
    payload: 'x',
    qos,
    messageId: qos === 0 ? undefined : 1,
    retain: false,
    dup: false,
    ...more,
  };
}

describe('What the broker answers at its limits', () => {
  it('maxConnections: 0x97, before MQTT 5 return code 3; a client may still take its own place', async () => {
    await using world = await limited({ maxConnections: 1 });
    await using first = new RawClient(world.port, 5);
    await first.connect({ clientId: 'only' });
    assert.equal(await refusal(world.port, 5), 0x97);
    assert.equal(await refusal(world.port, 4), 3);
    await using again = new RawClient(world.port, 5);
    assert.equal((await again.connect({ clientId: 'only' })).reasonCode, 0);
  });

  it('maxConnectsPerSecond: 0x9F, before MQTT 5 return code 3, and nobody who is in is disturbed', async () => {
    await using world = await limited({ maxConnectsPerSecond: 2 });
    await using inside = new RawClient(world.port, 5);
    await inside.connect();
    const answers = async (level: 4 | 5): Promise<(number | undefined)[]> => {
      await using opened = new AsyncDisposableStack();
      const clients = Array.from({ length: 20 }, () => opened.use(new RawClient(world.port, level)));
      const connacks = await Promise.all(clients.map((client) => client.connect()));
      return connacks.map(({ reasonCode, returnCode }) => (level === 5 ? reasonCode : returnCode));
    };
    assert.ok((await answers(5)).includes(0x9f));
    assert.ok((await answers(4)).includes(3));
    await inside.settled();
  });

  it('maxClientIdBytes: 0x85, before MQTT 5 return code 2', async () => {
    await using world = await limited({ maxClientIdBytes: 4 });
    assert.equal(await refusal(world.port, 5, { clientId: 'größe' }), 0x85);
    assert.equal(await refusal(world.port, 4, { clientId: '12345' }), 2);
    await using fits = new RawClient(world.port, 5);
    assert.equal((await fits.connect({ clientId: '1234' })).reasonCode, 0);
  });

  it('maxTopicLevels: 0x90 and 0x8F, before MQTT 5 the end and 0x80', async () => {
    await using world = await limited({ maxTopicLevels: 10 });
    await using five = new RawClient(world.port, 5);
    await five.connect();
    five.send(publish(deep(11), 1));
    assert.equal((await five.next('puback')).reasonCode, 0x90);
    five.send(publish(deep(10), 1));
    assert.equal((await five.next('puback')).reasonCode, 0x10);
    const subscriptions = [deep(10), deep(11)].map((topic) => ({ topic, qos: 0, nl: false, rap: false, rh: 0 }));
    five.send({ cmd: 'subscribe', messageId: 2, subscriptions });
    assert.deepEqual((await five.next('suback')).granted, [0, 0x8f]);
    await using four = new RawClient(world.port, 4);
    await four.connect();
    four.send({ cmd: 'subscribe', messageId: 2, subscriptions });
    assert.deepEqual((await four.next('suback')).granted, [0, 0x80]);
    four.send(publish(deep(11), 0));
    await four.end();
    for (const act of [
      () => world.broker.publishNow({ topic: deep(11), payload: Buffer.alloc(0) }),
      () => world.broker.attach(deep(11), () => undefined),
    ])
      assert.throws(act, (error) => isFault(error) && error.message.includes('10 levels'));
  });

  it('maxQos: announced; granted no higher; 0x9B for what is higher, before MQTT 5 the end', async () => {
    await using world = await limited({ maxQos: 1 });
    await using five = new RawClient(world.port, 5);
    assert.equal((await five.connect()).properties?.maximumQoS, 1);
    five.send({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: [{ topic: 'a', qos: 2, nl: false, rap: false, rh: 0 }],
    });
    assert.deepEqual((await five.next('suback')).granted, [1]);
    five.send(publish('a', 2));
    assert.equal((await five.next('disconnect')).reasonCode, 0x9b);
    const will = { topic: 'w', payload: Buffer.from('x'), qos: 2, retain: false };
    assert.equal(await refusal(world.port, 5, { will }), 0x9b);
    await using four = new RawClient(world.port, 4);
    await four.connect();
    four.send(publish('a', 2));
    await four.end();
  });

  it('maxRetained 0: announced; 0x9A, before MQTT 5 delivered and not kept', async () => {
    await using world = await limited({ maxRetained: 0 });
    const will = { topic: 'w', payload: Buffer.from('x'), qos: 0, retain: true };
    assert.equal(await refusal(world.port, 5, { will }), 0x9a);
    await using five = new RawClient(world.port, 5);
    assert.equal((await five.connect()).properties?.retainAvailable, false);
    five.send(publish('a', 0, { retain: true }));
    assert.equal((await five.next('disconnect')).reasonCode, 0x9a);
    await using four = new RawClient(world.port, 4);
    await four.connect();
    four.send(publish('a', 1, { retain: true }));
    await four.next('puback');
    assert.equal(world.broker.counts.retained, 0);
  });

  it('maxQueuedBytesTotal: nothing more is queued for anybody, each is told once, and room comes back', async () => {
    await using world = await limited({ maxQueuedBytesTotal: 10_000 });
    const slow: string[] = [];
    world.broker.onClient((event, { clientId }) => event === 'slow' && slow.push(clientId));
    const away = async (clientId: string): Promise<void> => {
      await using client = new RawClient(world.port, 4);
      await client.connect({ clientId, clean: false });
      client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: clientId, qos: 1 }] });
      await client.next('suback');
      client.send({ cmd: 'disconnect' });
      await client.end();
    };
    await away('one');
    await away('two');
    const fill = (topic: string): void => {
      for (let count = 0; count < 6; count += 1)
        world.broker.publishNow({ topic, payload: Buffer.alloc(1_900), qos: 1 });
    };
    fill('one');
    fill('two');
    const queued = (): number[] => [...world.broker.sessions()].map((session) => session.queued);
    assert.deepEqual(queued(), [4, 0]);
    assert.deepEqual(slow, ['one', 'two']);
    await using back = new RawClient(world.port, 4);
    await back.connect({ clientId: 'one', clean: false });
    for (let count = 0; count < 4; count += 1) {
      const { messageId } = await back.next('publish');
      back.send({ cmd: 'puback', messageId });
    }
    await back.settled();
    fill('two');
    assert.deepEqual(queued(), [0, 4]);
    world.broker.kick('two', { forget: true });
    await away('three');
    fill('three');
    assert.deepEqual(queued(), [0, 4], 'a session that was ended holds nothing');
  });

  it('maxQueuedBytes: holds for what is under way as well', async () => {
    await using world = await limited({ maxQueuedBytes: 100_000 });
    await using mute = new RawClient(world.port, 4);
    await mute.connect({ clientId: 'mute' });
    mute.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'a', qos: 1 }] });
    await mute.next('suback');
    for (let count = 0; count < 100; count += 1)
      await world.broker.publish({ topic: 'a', payload: Buffer.alloc(10_000), qos: 1 });
    const [report] = world.broker.sessions();
    assert.deepEqual([report?.inFlight, report?.queued, report?.dropped], [10, 9, 81]);
  });

  it('maxSocketBytes: who does not read our answers is not asked for more, and loses nothing', async () => {
    await using world = await limited({ maxSocketBytes: 100_000 });
    await using client = new RawClient(world.port, 4);
    await client.connect();
    client.socket.removeAllListeners('data').pause();
    const pings = Buffer.alloc(64 * 1024, Buffer.from('c000', 'hex'));
    const total = 24 * 1024 * 1024;
    for (let sent = 0; sent < total; sent += pings.length) client.socket.write(pings);
    for (let last = -1; last !== world.broker.counts.bytesReceived;) {
      last = world.broker.counts.bytesReceived;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    assert.ok(world.broker.counts.bytesReceived < total, 'it goes on reading');
    let got = 0;
    const all = new Promise<void>((resolve) => {
      client.socket.on('data', (chunk: Buffer) => {
        got += chunk.length;
        if (got === total) resolve();
      });
    });
    client.socket.resume();
    await all;
  });
});

describe('A broker that sends clients elsewhere [MQTT 5, 4.11]', () => {
  it('says where: 0x9C for now, 0x9D for good, before MQTT 5 return code 3', async () => {
    await using world = await brokerWorld({
      ...open,
      redirect: (clientId) =>
        clientId.startsWith('m') ? { server: 'other:1883', forGood: clientId === 'mover' } : undefined,
    });
    for (const [clientId, code] of [
      ['mine', 0x9c],
      ['mover', 0x9d],
    ] as const) {
      await using client = new RawClient(world.port, 5);
      const { reasonCode, properties } = await client.connect({ clientId });
      assert.deepEqual([reasonCode, properties?.serverReference], [code, 'other:1883']);
    }
    assert.equal(await refusal(world.port, 4, { clientId: 'mine' }), 3);
    await using stays = new RawClient(world.port, 5);
    assert.equal((await stays.connect({ clientId: 'stays' })).reasonCode, 0);
    world.broker.kick('stays', { to: { server: '[::1]:8883' } });
    const { reasonCode, properties } = await stays.next('disconnect');
    assert.deepEqual([reasonCode, properties?.serverReference], [0x9c, '[::1]:8883']);
  });
});

describe('A discreet broker', () => {
  it('refuses without a reason', async () => {
    await using world = await brokerWorld({
      authorize: (_identity, _action, topic) => topic !== 'secret',
      discreet: true,
    });
    await using client = new RawClient(world.port, 5);
    await client.connect();
    client.send({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: [{ topic: 'secret', qos: 0, nl: false, rap: false, rh: 0 }],
    });
    assert.deepEqual((await client.next('suback')).granted, [0x80]);
    client.send(publish('secret', 1));
    const { reasonCode, properties } = await client.next('puback');
    assert.deepEqual([reasonCode, properties], [0x80, undefined]);
    client.send(Buffer.from('c100', 'hex'));
    const end = await client.next('disconnect');
    assert.deepEqual([end.reasonCode, end.properties], [0x81, undefined]);
  });
});
