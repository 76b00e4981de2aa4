import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBroker } from '../../src/broker/open-broker.ts';
import { brokerWorld, hear } from './broker-world.ts';
import { RawClient } from './raw-client.ts';

const KILLS = 20;
const sleeping = { clientId: 'sleeper', clean: false, properties: { sessionExpiryInterval: 3600 } };

describe('A broker with a file', () => {
  let folder: string;
  let file: string;
  const children: ChildProcess[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'chartwire-durable-'));
    file = join(folder, 'broker.db');
  });
  afterEach(async () => {
    for (const child of children.splice(0)) await kill(child);
    rmSync(folder, { recursive: true });
  });

  async function kill(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  async function start(): Promise<{ child: ChildProcess; port: number }> {
    const child = fork(new URL('./durable-process.ts', import.meta.url), [file]);
    children.push(child);
    const [port] = (await once(child, 'message')) as [number];
    return { child, port };
  }

  it('says which file is damaged, and what to do', async () => {
    writeFileSync(file, Buffer.alloc(8_192, 'no database '));
    await assert.rejects(openBroker({ file, authorize: () => true }), (error: Error & { readonly code?: string }) => {
      assert.equal(error.code, 'FILE_DAMAGED');
      assert.ok(error.message.includes(file));
      return true;
    });
  });

  it(`loses no acknowledged message, and keeps their order, in ${KILLS} kills at any moment`, async () => {
    const acknowledged = new Set<number>();
    let next = 0;
    let { child, port } = await start();
    await using sleeper = new RawClient(port, 5);
    await sleeper.connect(sleeping);
    sleeper.send({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: [{ topic: 'kept/#', qos: 1, nl: false, rap: false, rh: 0 }],
    });
    await sleeper.next('suback');
    sleeper.socket.destroy();
    for (let count = 0; count < KILLS; count += 1) {
      await using publisher = new RawClient(port, 5);
      await publisher.connect({ clientId: 'publisher' });
      const ending = publisher.end();
      const until = acknowledged.size + 1 + Math.floor(Math.random() * 300);
      const sent = new Map<number, number>();
      for (let id = 1; id <= 64; id += 1) send(id);
      function send(id: number): void {
        const retain = next % 2 === 0;
        publisher.send({ cmd: 'publish', topic: 'kept/a', payload: `${next}`, qos: 1, messageId: id, retain });
        sent.set(id, next);
        next += 1;
      }
      for (;;) {
        const answer = await publisher.next('puback').catch(() => undefined);
        if (answer === undefined) break;
        acknowledged.add(sent.get(answer.messageId!)!);
        if (acknowledged.size === until) child.kill('SIGKILL');
        send(answer.messageId!);
      }
      await ending;
      await kill(child);
      ({ child, port } = await start());
    }
    await using awake = new RawClient(port, 5);
    assert.equal((await awake.connect(sleeping)).sessionPresent, true);
    const got: number[] = [];
    const missing = new Set(acknowledged);
    while (missing.size > 0) {
      const { payload, messageId } = await awake.next('publish');
      got.push(Number(payload));
      missing.delete(got.at(-1)!);
      awake.send({ cmd: 'puback', messageId });
    }
    assert.deepEqual(
      got,
      [...got].sort((a, b) => a - b),
    );
    assert.equal(new Set(got).size, got.length);
  });

  it('keeps sessions, subscriptions, what is under way, and retained messages over a restart', async () => {
    const level = { protocolVersion: 4 } as const;
    {
      await using world = await brokerWorld({ file, authorize: () => true });
      await using client = new RawClient(world.port, 5);
      await client.connect(sleeping);
      client.send({
        cmd: 'subscribe',
        messageId: 1,
        properties: { subscriptionIdentifier: 7 },
        subscriptions: [{ topic: 'a/#', qos: 2, nl: false, rap: true, rh: 0 }],
      });
      await client.next('suback');
      const publisher = await world.connect(level);
      await publisher.publishAsync('a/1', 'one', { qos: 2 });
      await publisher.publishAsync('a/2', 'two', { qos: 2 });
      await publisher.publishAsync('a/kept', 'kept', { qos: 1, retain: true });
      const [first, second] = [await client.next('publish'), await client.next('publish')];
      client.send({ cmd: 'pubrec', messageId: first.messageId });
      await client.next('pubrel');
      client.send({ cmd: 'publish', topic: 'b', payload: 'x', qos: 2, messageId: 9, retain: false, dup: false });
      await client.next('pubrec');
      assert.deepEqual([first.messageId, second.messageId], [1, 2]);
    }
    await using world = await brokerWorld({ file, authorize: () => true });
    await using client = new RawClient(world.port, 5);
    assert.equal((await client.connect(sleeping)).sessionPresent, true);
    assert.equal((await client.next('pubrel')).messageId, 1);
    const second = await client.next('publish');
    assert.deepEqual([second.messageId, second.dup, String(second.payload)], [2, true, 'two']);
    assert.equal(second.properties?.subscriptionIdentifier, 7);
    const kept = await client.next('publish');
    assert.deepEqual([String(kept.payload), kept.retain], ['kept', true]);
    client.send({ cmd: 'pubrel', messageId: 9 });
    assert.equal((await client.next('pubcomp')).reasonCode ?? 0, 0, 'the message received before is still known');
    const late = world.start(level);
    const heard = hear(late, 1);
    await late.subscribeAsync('a/#');
    assert.equal((await heard)[0]?.text, 'kept');
  });

  it('keeps retained messages byte for byte, small and large, with and without properties', async () => {
    const bytes = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 251));
    const sizes = [1, 16, 256, 257, 1000];
    const userProperties = { unit: 'C' };
    const topicOf = (size: number, kind: string): string => `kept/${size}/${kind}`;
    {
      await using world = await brokerWorld({ file, authorize: () => true });
      const client = await world.connect({ protocolVersion: 5 });
      for (const size of sizes) {
        const payload = bytes.subarray(0, size);
        await client.publishAsync(topicOf(size, 'plain'), payload, { qos: 1, retain: true });
        await client.publishAsync(topicOf(size, 'told'), payload, {
          qos: 1,
          retain: true,
          properties: { userProperties },
        });
      }
    }
    await using world = await brokerWorld({ file, authorize: () => true });
    const client = await world.connect({ protocolVersion: 5 });
    const got = new Map<string, { payload: Buffer; properties: unknown }>();
    const all = new Promise<void>((resolve) => {
      client.on('message', (topic, payload, packet) => {
        got.set(topic, { payload, properties: { ...packet.properties?.userProperties } });
        if (got.size === sizes.length * 2) resolve();
      });
    });
    await client.subscribeAsync('kept/#', { qos: 1 });
    await all;
    for (const size of sizes) {
      const payload = bytes.subarray(0, size);
      assert.deepEqual(got.get(topicOf(size, 'plain')), { payload, properties: {} });
      assert.deepEqual(got.get(topicOf(size, 'told')), { payload, properties: userProperties });
    }
  });

  it('forgets what was delivered, expired or ended', async () => {
    {
      await using world = await brokerWorld({ file, authorize: () => true });
      const client = await world.connect({ ...sleeping, protocolVersion: 5 });
      await client.subscribeAsync('a', { qos: 1 });
      const heard = hear(client, 1);
      await world.broker.publish({ topic: 'a', payload: Buffer.from('x'), qos: 1 });
      await heard;
      await client.unsubscribeAsync('a');
      await client.endAsync();
      await world.connect({ clientId: 'sleeper', clean: true });
      await world.broker.publish({ topic: 'r', payload: Buffer.from('x'), retain: true });
      await world.broker.publish({ topic: 'r', payload: Buffer.alloc(0), retain: true });
    }
    await using broker = await openBroker({ file });
    assert.deepEqual(
      { ...broker.counts, bytesReceived: 0, bytesSent: 0 },
      {
        published: 0,
        delivered: 0,
        refused: 0,
        dropped: 0,
        bytesReceived: 0,
        bytesSent: 0,
        subscriptions: 0,
        sessions: 0,
        retained: 0,
        retainedBytes: 0,
      },
    );
  });

  for (const how of ['killed', 'closed'] as const) {
    it(`publishes wills of sessions that last when it was ${how}, after their delay, unless the client is back`, async () => {
      const will = (name: string, willDelayInterval: number): object => ({
        clientId: name,
        clean: true,
        properties: { sessionExpiryInterval: 3600 },
        will: {
          topic: `will/${name}`,
          payload: Buffer.from(name),
          qos: 1,
          retain: true,
          properties: { willDelayInterval, contentType: 'text/plain', userProperties: { of: name } },
        },
      });
      const clients: RawClient[] = [];
      const connectAll = async (port: number): Promise<void> => {
        for (const [name, delay] of [
          ['at-once', 0],
          ['later', 4],
          ['back', 3],
          ['left', 0],
          ['over', 0],
        ] as const) {
          const client = new RawClient(port, 5);
          clients.push(client);
          await client.connect(will(name, delay));
        }
        clients[3]!.send({ cmd: 'disconnect', reasonCode: 0 });
        clients[4]!.socket.destroy();
        await Promise.all(clients.slice(3).map((client) => client.end()));
        await clients[0]!.settled();
      };
      if (how === 'killed') {
        const { child, port } = await start();
        await connectAll(port);
        await kill(child);
      } else {
        await using world = await brokerWorld({ file, authorize: () => true });
        await connectAll(world.port);
      }
      for (const client of clients) await client[Symbol.asyncDispose]();
      await using world = await brokerWorld({ file, authorize: () => true });
      const heard = (): string[] => [...world.broker.retained('will/#')].map(({ topic }) => topic).sort();
      assert.deepEqual(heard(), ['will/at-once', 'will/over']);
      const [message] = world.broker.retained('will/at-once');
      assert.equal(message?.properties.contentType, 'text/plain');
      assert.deepEqual(message?.properties.userProperties, [['of', 'at-once']]);
      const later = new Promise<void>((resolve) => world.broker.attach('will/later', () => resolve()));
      await using back = new RawClient(world.port, 5);
      await back.connect({ clientId: 'back', clean: false });
      // Its delay is the longer one: what would have been published of the client that is back, has been by then.
      await later;
      assert.deepEqual(heard(), ['will/at-once', 'will/later', 'will/over']);
    });
  }

  it('gives a message once that is retained while a subscription to it waits for the disk', async () => {
    await using world = await brokerWorld({ file, authorize: () => true });
    await using client = new RawClient(world.port, 5);
    await client.connect(sleeping);
    const subscriptions = [{ topic: 'a', qos: 0, nl: false, rap: true, rh: 0 }];
    client.socket.cork();
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions });
    client.send({ cmd: 'publish', topic: 'a', payload: 'x', qos: 0, retain: true, dup: false });
    client.socket.uncork();
    await client.next('suback');
    await client.settled();
    assert.equal(client.got.filter(({ cmd }) => cmd === 'publish').length, 1);
  });

  it('does not keep a session whose client came back without an expiry', async () => {
    const { child, port } = await start();
    {
      await using first = new RawClient(port, 5);
      await first.connect(sleeping);
      first.send({
        cmd: 'subscribe',
        messageId: 1,
        subscriptions: [{ topic: 'a', qos: 1, nl: false, rap: false, rh: 0 }],
      });
      await first.next('suback');
    }
    await using again = new RawClient(port, 5);
    assert.equal((await again.connect({ clientId: 'sleeper', clean: false })).sessionPresent, true);
    await again.settled();
    await kill(child);
    await using broker = await openBroker({ file });
    assert.deepEqual([broker.counts.sessions, broker.counts.subscriptions], [0, 0]);
  });

  it('keeps the file for its owner alone', async () => {
    await using _broker = await openBroker({ file });
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });
});
