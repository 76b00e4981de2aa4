import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { IClientOptions } from 'mqtt';
import { openBroker } from '../../src/broker/open-broker.ts';
import type { ReceivedMessage } from '../../src/endpoint/message.ts';
import { isFault } from '../../src/fault.ts';
import { brokerWorld, closing, hear, type BrokerWorld } from './broker-world.ts';

for (const protocolVersion of [4, 5] as const) {
  const version: IClientOptions = { protocolVersion };

  describe(`The broker, spoken to in MQTT ${protocolVersion === 4 ? '3.1.1' : '5'}`, () => {
    let world: BrokerWorld;
    beforeEach(async () => {
      world = await brokerWorld();
    });
    afterEach(() => world[Symbol.asyncDispose]());

    for (const qos of [0, 1, 2] as const) {
      it(`carries QoS ${qos} once and in order`, async () => {
        const subscriber = await world.connect(version);
        const publisher = await world.connect(version);
        await subscriber.subscribeAsync('plant/#', { qos });
        const heard = hear(subscriber, 200);
        const texts = Array.from({ length: 200 }, (_, index) => `${index}`);
        await Promise.all(texts.map((text) => publisher.publishAsync('plant/a', text, { qos })));
        const messages = await heard;
        assert.deepEqual(
          messages.map(({ text }) => text),
          texts,
        );
        assert.equal(messages[0]?.packet.qos, qos);
      });
    }

    it('gives retained messages to who comes later, and forgets them with an empty one', async () => {
      const publisher = await world.connect(version);
      await publisher.publishAsync('plant/state', 'on', { retain: true, qos: 1 });
      const late = await world.connect(version);
      const heard = hear(late, 1);
      await late.subscribeAsync('plant/+');
      const [message] = await heard;
      assert.equal(message?.text, 'on');
      assert.equal(message?.packet.retain, true);
      await publisher.publishAsync('plant/state', '', { retain: true, qos: 1 });
      const later = await world.connect(version);
      const next = hear(later, 1);
      await later.subscribeAsync('plant/+');
      await publisher.publishAsync('plant/other', 'live', { qos: 1 });
      assert.equal((await next)[0]?.text, 'live');
    });

    it('publishes the will of a client whose connection breaks', async () => {
      const watcher = await world.connect(version);
      await watcher.subscribeAsync('plant/gone');
      const heard = hear(watcher, 1);
      const will = { topic: 'plant/gone', payload: Buffer.from('lost'), qos: 1, retain: false } as const;
      const client = await world.connect({ ...version, will });
      client.stream.destroy();
      assert.equal((await heard)[0]?.text, 'lost');
    });

    it('keeps messages for a session that is away', async () => {
      const session: IClientOptions = { ...version, clientId: 'sleeper', clean: false };
      if (protocolVersion === 5) session.properties = { sessionExpiryInterval: 60 };
      const sleeper = await world.connect(session);
      await sleeper.subscribeAsync('plant/a', { qos: 1 });
      await sleeper.endAsync();
      const publisher = await world.connect(version);
      await publisher.publishAsync('plant/a', 'while away', { qos: 1 });
      await publisher.publishAsync('plant/a', 'again', { qos: 1 });
      await publisher.endAsync();
      const heard = await hear(world.start(session), 2);
      assert.deepEqual(
        heard.map(({ text }) => text),
        ['while away', 'again'],
      );
    });

    it('refuses a subscription outside the rights and keeps the rest', async () => {
      const client = await world.connect(version);
      const granted = await client.subscribeAsync(['plant/a', 'chartwire/#']).catch((error: Error) => error);
      assert.ok(granted instanceof Error || granted.some(({ qos }) => qos >= 128));
      const heard = hear(client, 1);
      await world.broker.publish({ topic: 'chartwire/fleet/7/desired', payload: Buffer.from('secret') });
      await world.broker.publish({ topic: 'plant/a', payload: Buffer.from('public') });
      assert.equal((await heard)[0]?.text, 'public');
    });

    it('ends only the client that sends too large a packet', async () => {
      const honest = await world.connect(version);
      const wasteful = await world.connect(version);
      await honest.subscribeAsync('plant/#', { qos: 1 });
      const heard = hear(honest, 1);
      const gone = closing(wasteful);
      wasteful.publish('plant/big', Buffer.alloc(300_000));
      await gone;
      await honest.publishAsync('plant/small', 'still here', { qos: 1 });
      assert.equal((await heard)[0]?.text, 'still here');
      assert.equal(world.broker.clients.size, 1);
    });
  });
}

describe('The broker', () => {
  it('tells MQTT 5 clients why they may not publish', async () => {
    await using world = await brokerWorld();
    const client = await world.connect();
    await assert.rejects(client.publishAsync('chartwire/fleet/7/desired', 'x', { qos: 1 }), { code: 0x87 });
    await assert.rejects(client.publishAsync('$SYS/x', 'x', { qos: 2 }), { code: 0x87 });
    assert.equal(world.broker.counts.refused, 2);
    assert.equal(client.connected, true);
  });

  it('gives edge hosts and the controller their topics', async () => {
    await using world = await brokerWorld();
    world.as('edge-7');
    const edge = await world.connect();
    const desired = hear(edge, 1);
    await edge.subscribeAsync('chartwire/fleet/7/desired', { qos: 1 });
    world.as('chartwire-controller');
    const controller = await world.connect();
    const reported = hear(controller, 1);
    await controller.subscribeAsync('chartwire/fleet/+/reported', { qos: 1 });
    await controller.publishAsync('chartwire/fleet/7/desired', 'release 2', { qos: 1 });
    await edge.publishAsync('chartwire/fleet/7/reported', 'release 2 runs', { qos: 1 });
    assert.equal((await desired)[0]?.text, 'release 2');
    assert.equal((await reported)[0]?.text, 'release 2 runs');
    await assert.rejects(edge.publishAsync('chartwire/fleet/8/reported', 'x', { qos: 1 }), { code: 0x87 });
  });

  it('does not publish a will its client may not publish', async () => {
    await using world = await brokerWorld();
    const heard: string[] = [];
    await world.broker.subscribe('#', ({ topic }) => void heard.push(topic));
    const will = { topic: 'chartwire/fleet/7/desired', payload: Buffer.from('x'), qos: 0, retain: false } as const;
    const client = await world.connect({ will });
    const gone = new Promise((resolve) => world.broker.onClient((event) => event === 'refused' && resolve(undefined)));
    client.stream.destroy();
    await gone;
    await world.broker.publish({ topic: 'plant/a', payload: Buffer.alloc(0) });
    assert.deepEqual(heard, ['plant/a']);
  });

  it('keeps nothing of a forbidden topic for a session that asked for it beside an allowed one', async () => {
    await using world = await brokerWorld();
    const session: IClientOptions = { clientId: 'spy', clean: false, protocolVersion: 4 };
    const spy = await world.connect(session);
    await spy.subscribeAsync(['plant/a', 'chartwire/fleet/7/desired'], { qos: 1 }).catch(() => undefined);
    await spy.endAsync();
    await world.broker.publish({ topic: 'chartwire/fleet/7/desired', payload: Buffer.from('secret'), qos: 1 });
    await world.broker.publish({ topic: 'plant/a', payload: Buffer.from('public'), qos: 1 });
    const topics: string[] = [];
    const back = world.start(session);
    back.on('message', (topic) => topics.push(topic));
    await back.subscribeAsync('plant/b', { qos: 1 });
    const heard = hear(back, 1);
    await world.broker.publish({ topic: 'plant/b', payload: Buffer.from('end'), qos: 1 });
    await heard;
    assert.ok(!topics.includes('chartwire/fleet/7/desired'));
  });

  it('does not give a session to another identity that knows its client id', async () => {
    await using world = await brokerWorld();
    world.as('edge-7');
    const edge = await world.connect({ clientId: 'edge-7' });
    world.as('edge-8');
    assert.equal((await world.refused({ clientId: 'edge-7' })).code, 0x85);
    assert.equal((await world.refused({ clientId: 'edge-7', protocolVersion: 4 })).code, 2);
    assert.equal(edge.connected, true);
    const gone = closing(edge);
    world.as('edge-7');
    await world.connect({ clientId: 'edge-7' });
    await gone;
    world.as('edge-8');
    assert.equal((await world.refused({ clientId: 'edge-7' })).code, 0x85);
  });

  it('asks for user name and password when told to, and holds its limit of clients', async () => {
    await using world = await brokerWorld({
      limits: { maxClients: 2 },
      authenticate: async (identity, username, password) =>
        identity !== undefined || (username === 'u' && password === 'p'),
    });
    assert.equal((await world.refused({ username: 'u', password: 'wrong' })).code, 0x86);
    assert.equal((await world.refused({ protocolVersion: 4, username: 'u', password: 'wrong' })).code, 5);
    await world.connect({ username: 'u', password: 'p' });
    world.as('edge-7');
    const second = await world.connect();
    assert.equal((await world.refused()).code, 0x97);
    const gone = new Promise((resolve) => world.broker.onClient((event) => event === 'gone' && resolve(undefined)));
    await second.endAsync();
    await gone;
    await world.connect();
  });

  it('lets nobody of another machine in without a certificate', async () => {
    await using world = await brokerWorld();
    world.from('192.0.2.7');
    assert.equal((await world.refused()).code, 0x87);
    assert.equal((await world.refused({ protocolVersion: 4 })).code, 5);
    assert.equal(world.broker.counts.refused, 2);
    world.as('meter-7');
    await world.connect();
    world.as(undefined);
    for (const local of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1']) {
      world.from(local);
      await world.connect();
    }
  });

  it('tells who came, who went and who was refused', async () => {
    await using world = await brokerWorld({ authenticate: (identity) => identity === 'edge-7' });
    const news: string[] = [];
    const stop = world.broker.onClient((event, { clientId, identity }, reason) =>
      news.push([event, clientId, identity, reason].join(' ')),
    );
    await world.refused({ clientId: 'stranger' });
    world.as('edge-7');
    const connected = new Promise((resolve) =>
      world.broker.onClient((event) => event === 'connected' && resolve(undefined)),
    );
    const client = await world.connect({ clientId: 'c' });
    await connected;
    assert.deepEqual([...world.broker.clients.keys()], ['c']);
    assert.equal(world.broker.clients.get('c')?.identity, 'edge-7');
    const gone = new Promise((resolve) => world.broker.onClient((event) => event === 'gone' && resolve(undefined)));
    await client.endAsync();
    await gone;
    stop();
    await world.connect();
    assert.deepEqual(news, [
      'refused stranger  a user name and password are needed',
      'connected c edge-7 ',
      'gone c edge-7 ',
    ]);
  });

  describe('in the process', () => {
    it('carries content type and properties both ways', async () => {
      await using world = await brokerWorld();
      world.as('edge-7');
      const client = await world.connect();
      await client.subscribeAsync('down', { qos: 1 });
      const heard = hear(client, 1);
      const properties = { 'cw-id': '1', trace: 'ä' };
      await world.broker.publish({
        topic: 'down',
        payload: Buffer.from('{}'),
        qos: 1,
        contentType: 'application/json',
        properties,
      });
      const [down] = await heard;
      assert.equal(down?.packet.properties?.contentType, 'application/json');
      assert.deepEqual({ ...down?.packet.properties?.userProperties }, properties);
      const up = new Promise<ReceivedMessage>((resolve) => void world.broker.subscribe('up/+', resolve));
      await client.publishAsync('up/1', 'x', {
        qos: 1,
        properties: { contentType: 'text/plain', userProperties: { A: ['1', '2'] } },
      });
      const { payload, ...message } = await up;
      assert.equal(Buffer.from(payload).toString(), 'x');
      assert.deepEqual(message, { topic: 'up/1', from: 'edge-7', contentType: 'text/plain', properties: { a: '1' } });
    });

    it('never names an unproven sender like an identity', async () => {
      await using world = await brokerWorld();
      const heard: string[] = [];
      await world.broker.subscribe('a', ({ from }) => void heard.push(from));
      const client = await world.connect({ clientId: 'chartwire-controller' });
      await client.publishAsync('a', 'x', { qos: 2 });
      await world.broker.publish({ topic: 'a', payload: Buffer.alloc(0) });
      assert.deepEqual(heard, ['client:chartwire-controller', 'broker']);
    });

    it('takes no more from a publisher than the subscriber takes', async () => {
      await using world = await brokerWorld();
      let taken = 0;
      let release = (): void => undefined;
      const gate = new Promise<void>((resolve) => {
        release = resolve;
      });
      await world.broker.subscribe('flood', async () => {
        taken += 1;
        await gate;
      });
      const publisher = await world.connect();
      const other = await world.connect();
      const total = 2_000;
      const payload = Buffer.alloc(10_000);
      const sent = Promise.all(
        Array.from({ length: total }, () => publisher.publishAsync('flood', payload, { qos: 1 })),
      );
      await new Promise((resolve) => publisher.once('packetreceive', resolve));
      // another publisher passes: nobody waits for a topic he does not use
      const pass = new Promise((resolve) => void world.broker.subscribe('quick', resolve));
      await other.publishAsync('quick', 'x', { qos: 2 });
      await pass;
      assert.ok(taken < total / 10, `${taken} were taken`);
      release();
      await sent;
      await publisher.publishAsync('flood', 'last', { qos: 2 });
      assert.equal(taken, total + 1);
    });

    it('gives a new subscriber what is retained, and nothing after it ended', async () => {
      await using world = await brokerWorld();
      await world.broker.publish({ topic: 'state/a', payload: Buffer.from('1'), retain: true, qos: 1 });
      const heard: string[] = [];
      const end = await world.broker.subscribe(
        'state/#',
        ({ payload }) => void heard.push(Buffer.from(payload).toString()),
      );
      await world.broker.publish({ topic: 'state/b', payload: Buffer.from('2') });
      await end();
      await world.broker.publish({ topic: 'state/b', payload: Buffer.from('3') });
      assert.deepEqual(heard, ['1', '2']);
    });

    it('lives on when a subscriber fails', async () => {
      const errors: string[] = [];
      await using world = await brokerWorld({ onError: ({ message }) => errors.push(message) });
      await world.broker.subscribe('a', () => Promise.reject(new Error('full')));
      await world.broker.publish({ topic: 'a', payload: Buffer.alloc(1) });
      assert.deepEqual(errors, ['full']);
    });

    it('refuses what is no topic, and everything once it is closed', async () => {
      const broker = await openBroker();
      const payload = Buffer.alloc(0);
      await assert.rejects(
        broker.publish({ topic: 'a/+', payload }),
        (error) => isFault(error) && error.code === 'MESSAGE_INVALID',
      );
      await assert.rejects(
        broker.subscribe('a#', () => undefined),
        (error) => isFault(error) && error.code === 'SETTINGS_INVALID',
      );
      await broker.close();
      await broker.close();
      await assert.rejects(
        broker.publish({ topic: 'a', payload }),
        (error) => isFault(error) && error.code === 'LINK_CLOSED',
      );
      await assert.rejects(
        broker.subscribe('a', () => undefined),
        (error) => isFault(error) && error.code === 'LINK_CLOSED',
      );
    });
  });

  it('ends every connection when it closes, silent and stuck ones too', async () => {
    await using world = await brokerWorld();
    const client = await world.connect();
    const silent: Socket = connect(world.port, '127.0.0.1');
    await once(silent, 'connect');
    const stuck = await world.connect();
    await stuck.subscribeAsync('flood');
    stuck.stream.pause();
    for (let count = 0; count < 200; count += 1)
      void world.broker.publish({ topic: 'flood', payload: Buffer.alloc(200_000) });
    const told = new Promise<number | undefined>((resolve) =>
      client.once('disconnect', ({ reasonCode }) => resolve(reasonCode)),
    );
    const closed = once(silent, 'close');
    await world.broker.close();
    assert.equal(await told, 0x8b);
    await closed;
    assert.equal(world.broker.clients.size, 0);
  });
});
