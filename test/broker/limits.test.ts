import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { LiveMessage } from '../../src/broker/broker.ts';
import { isFault } from '../../src/fault.ts';
import { waitFor } from '../support/wait-for.ts';
import { brokerWorld, hear } from './broker-world.ts';
import { RawClient } from './raw-client.ts';

const open = { authorize: () => true };

describe('The limits of the broker', () => {
  it('keep a subscriber that does not read from taking memory or time of others, and it is told once', async () => {
    await using world = await brokerWorld({ ...open, limits: { maxSocketBytes: 500_000, drainTimeoutMs: 60_000 } });
    const news: string[] = [];
    world.broker.onClient((event, { clientId }) => event === 'slow' && news.push(clientId));
    await using stuck = new RawClient(world.port, 4);
    await stuck.connect({ clientId: 'stuck' });
    stuck.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'flood', qos: 0 }] });
    await stuck.next('suback');
    stuck.socket.pause();
    const quick = await world.connect();
    await quick.subscribeAsync('flood', { qos: 0 });
    const publisher = await world.connect();
    const payload = Buffer.alloc(50_000);
    const heard = hear(quick, 1_000);
    for (let count = 0; count < 1_000; count += 1) await publisher.publishAsync('flood', payload, { qos: 1 });
    assert.equal((await heard).length, 1_000);
    assert.ok(world.broker.counts.dropped > 500);
    assert.deepEqual(news, ['stuck']);
    const { dropped } = [...world.broker.sessions()].find(({ clientId }) => clientId === 'stuck')!;
    assert.equal(dropped, world.broker.counts.dropped);
  });

  it('drop a subscriber that takes nothing at all for too long', async () => {
    await using world = await brokerWorld({ ...open, limits: { drainTimeoutMs: 300 } });
    await using stuck = new RawClient(world.port, 4);
    await stuck.connect({ clientId: 'stuck' });
    stuck.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'flood', qos: 0 }] });
    await stuck.next('suback');
    stuck.socket.pause();
    let gone: string | undefined;
    world.broker.onClient((event, _, reason) => {
      if (event === 'gone') gone = reason;
    });
    // How much has to be sent before nothing more gets away is up to the system.
    const reason = await waitFor(
      'its end',
      () => {
        world.broker.publishNow({ topic: 'flood', payload: Buffer.alloc(200_000) });
        return gone;
      },
      { everyMs: 5 },
    );
    assert.equal(reason, 'it does not read');
  });

  it('read a client no faster than its rate, and lose nothing', async () => {
    await using world = await brokerWorld({ ...open, limits: { maxPublishesPerSecond: 40 } });
    let got = 0;
    world.broker.attach('rate', () => void (got += 1));
    const client = await world.connect();
    const other = await world.connect();
    const all = Promise.all(Array.from({ length: 150 }, () => client.publishAsync('rate', 'x', { qos: 1 })));
    await other.publishAsync('else', 'x', { qos: 1 });
    assert.ok(got < 150, 'most have to wait, and nobody else');
    await all;
    assert.equal(got, 150);
  });

  it('drop connections that would wait beside too many others for their CONNECT', async () => {
    await using world = await brokerWorld({ ...open, limits: { maxPendingConnections: 3 } });
    const sockets = Array.from({ length: 3 }, () => connect(world.port, '127.0.0.1').on('error', () => undefined));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    await using admitted = new RawClient(world.port, 4);
    await assert.rejects(admitted.connect());
    for (const socket of sockets) {
      socket.destroy();
      await once(socket, 'close');
    }
  });

  it('hold queues to their bytes', async () => {
    await using world = await brokerWorld({ ...open, limits: { maxQueuedBytes: 10_000 } });
    const session = { clientId: 'away', clean: false, protocolVersion: 4 } as const;
    const client = await world.connect(session);
    await client.subscribeAsync('a', { qos: 1 });
    await client.endAsync();
    for (let count = 0; count < 10; count += 1)
      await world.broker.publish({ topic: 'a', payload: Buffer.alloc(2_500, count), qos: 1 });
    const [report] = world.broker.sessions();
    assert.deepEqual([report?.queued, report?.dropped], [3, 7]);
    assert.ok(report!.queuedBytes <= 10_000);
  });

  it('count what a message takes beside its bytes: many small ones fill a queue, too', async () => {
    await using world = await brokerWorld({ ...open, limits: { maxQueuedBytes: 10_000 } });
    const client = await world.connect({ clientId: 'away', clean: false, protocolVersion: 4 });
    await client.subscribeAsync('a', { qos: 1 });
    await client.endAsync();
    for (let count = 0; count < 30; count += 1)
      await world.broker.publish({ topic: 'a', payload: Buffer.alloc(1), qos: 1 });
    const [report] = world.broker.sessions();
    assert.deepEqual([report?.queued, report?.dropped], [19, 11]);
  });

  it('hold retained messages to their bytes, and let a smaller one take the place of its topic', async () => {
    await using world = await brokerWorld({ ...open, limits: { maxRetainedBytes: 1_000 } });
    const client = await world.connect();
    const retain = { retain: true, qos: 1 } as const;
    await client.publishAsync('a', Buffer.alloc(900), retain);
    await assert.rejects(client.publishAsync('b', Buffer.alloc(900), retain), { code: 0x97 });
    await client.publishAsync('a', Buffer.alloc(10), retain);
    await client.publishAsync('b', Buffer.alloc(900), retain);
    assert.equal(world.broker.counts.retainedBytes, 912);
  });
});

describe('The broker inside its process', () => {
  it('hands messages over within the turn, both ways', async () => {
    await using world = await brokerWorld(open);
    const got: string[] = [];
    const end = world.broker.attach('a/+', ({ topic, payload, qos, retain, from, properties }) => {
      got.push([topic, payload.toString(), qos, retain, from, properties.contentType].join(' '));
    });
    const message = {
      topic: 'a/b',
      payload: Buffer.from('x'),
      qos: 1,
      retain: true,
      properties: { contentType: 't' },
    } as const;
    assert.equal(world.broker.publishNow(message), 1);
    assert.deepEqual(got, ['a/b x 1 true broker t']);
    end();
    assert.equal(world.broker.publishNow(message), 0);
    world.broker.attach('#', (late) => void got.push(`late ${late.topic}`));
    world.broker.attach('a/#', () => void got.push('never'), { retained: false });
    assert.deepEqual(got.slice(1), ['late a/b']);
  });

  it('carries a loop on in later turns instead of ending the process', async () => {
    await using world = await brokerWorld(open);
    let rounds = 0;
    const over = Promise.withResolvers<void>();
    world.broker.attach('loop', ({ payload }: LiveMessage) => {
      rounds += 1;
      if (rounds < 5_000) world.broker.publishNow({ topic: 'loop', payload });
      else over.resolve();
    });
    world.broker.publishNow({ topic: 'loop', payload: Buffer.alloc(1) });
    await over.promise;
  });

  it('goes on when a subscriber throws', async () => {
    const errors: string[] = [];
    await using world = await brokerWorld({ ...open, onError: ({ message }) => errors.push(message) });
    let other = 0;
    world.broker.attach('a', () => {
      throw new Error('broken');
    });
    world.broker.attach('a', () => void (other += 1));
    world.broker.publishNow({ topic: 'a', payload: Buffer.alloc(0) });
    assert.deepEqual([errors, other], [['broken'], 1]);
    assert.throws(
      () => world.broker.publishNow({ topic: '+', payload: Buffer.alloc(0) }),
      (error) => isFault(error) && error.code === 'MESSAGE_INVALID',
    );
  });

  it('tells its figures under $SYS', async () => {
    await using world = await brokerWorld({ ...open, systemTopicsEveryS: 0.2 });
    const client = world.start();
    const heard = new Map<string, string>();
    const told = new Promise<void>((resolve) => {
      client.on('message', (topic, payload) => {
        heard.set(topic, payload.toString());
        if (heard.get('$SYS/broker/clients/connected') === '1' && heard.has('$SYS/broker/version')) resolve();
      });
    });
    await client.subscribeAsync('$SYS/#');
    await told;
    assert.equal(world.broker.counts.retained, 0, 'they are not counted');
    await assert.rejects(client.publishAsync('$SYS/broker/version', 'mine', { qos: 1 }), { code: 0x87 });
  });

  it('ends a connection for an operator, and the session with it if told to', async () => {
    await using world = await brokerWorld(open);
    const session = { clientId: 'c', clean: false, properties: { sessionExpiryInterval: 60 } };
    await world.connect(session);
    assert.equal(world.broker.kick('c'), true);
    assert.deepEqual(
      [...world.broker.sessions()].map(({ connected }) => connected),
      [false],
    );
    assert.equal(world.broker.kick('c', { forget: true }), true);
    assert.equal(world.broker.counts.sessions, 0);
    assert.equal(world.broker.kick('c'), false);
  });
});
