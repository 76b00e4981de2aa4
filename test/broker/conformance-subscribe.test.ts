import assert from 'node:assert/strict';
import type { IPublishPacket } from 'mqtt-packet';
import { waitFor } from '../support/wait-for.ts';
import { brokerWorld, type BrokerWorld } from './broker-world.ts';
import { RawClient } from './raw-client.ts';

interface Asked {
  readonly topic: string;
  readonly qos?: 0 | 1 | 2;
  readonly nl?: boolean;
  readonly rap?: boolean;
  readonly rh?: 0 | 1 | 2;
}

describe('SUBSCRIBE and sessions, as the standards say', () => {
  let world: BrokerWorld;
  before(async () => {
    world = await brokerWorld({
      authorize: (_, action, topic) => action !== 'subscribe' || topic !== 'secret',
      limits: { maxSubscriptions: 5, maxQueuedMessages: 3 },
    });
  });
  after(() => world[Symbol.asyncDispose]());

  async function open(level: 3 | 4 | 5 = 5, more: object = {}): Promise<RawClient> {
    const client = new RawClient(world.port, level);
    await client.connect(more);
    return client;
  }
  async function subscribe(
    client: RawClient,
    filters: readonly Asked[],
    properties?: object,
  ): Promise<readonly number[]> {
    const subscriptions = filters.map((asked) => ({ qos: 0, nl: false, rap: false, rh: 0, ...asked }));
    client.send({ cmd: 'subscribe', messageId: 5, subscriptions, ...(properties && { properties }) });
    const suback = await client.next('suback');
    assert.equal(suback.messageId, 5);
    return suback.granted as number[];
  }
  async function publish(
    client: RawClient,
    topic: string,
    payload: string,
    more: Partial<IPublishPacket> = {},
  ): Promise<void> {
    client.send({ cmd: 'publish', topic, payload, qos: 1, messageId: 1, retain: false, dup: false, ...more });
    await client.next('puback');
  }
  /** What a client has been sent by now. */
  async function heard(client: RawClient): Promise<string[]> {
    await client.settled();
    return client.got.splice(0).map((packet) => {
      assert.equal(packet.cmd, 'publish');
      const { payload, qos, retain, properties } = packet;
      return [
        String(payload),
        qos,
        ...(retain ? ['retained'] : []),
        ...[properties?.subscriptionIdentifier ?? []].flat().sort((a, b) => a - b),
      ].join(' ');
    });
  }

  it('answers each filter in order with what it granted [3.8.4-6]', async () => {
    await using client = await open();
    assert.deepEqual(
      await subscribe(client, [{ topic: 'a' }, { topic: 'b', qos: 1 }, { topic: 'secret' }, { topic: 'c', qos: 2 }]),
      [0, 1, 0x87, 2],
    );
    assert.deepEqual(await subscribe(client, [{ topic: 'd' }, { topic: 'e' }, { topic: 'f' }]), [0, 0, 0x97]);
    await using old = await open(4);
    assert.deepEqual(await subscribe(old, [{ topic: 'secret' }, { topic: 'a', qos: 2 }]), [0x80, 2]);
    assert.deepEqual(await subscribe(client, [{ topic: 'x/'.repeat(200) }]), [0x8f]);
  });

  it('ends who takes no packets as large as the answer, with 0x95, instead of leaving it to wait', async () => {
    const many = Array.from({ length: 30 }, (_, index) => `many/${index}`);
    const asks = [
      { cmd: 'subscribe', subscriptions: many.map((topic) => ({ topic, qos: 0, nl: false, rap: false, rh: 0 })) },
      { cmd: 'unsubscribe', unsubscriptions: many },
    ];
    for (const ask of asks) {
      await using client = await open(5, { properties: { maximumPacketSize: 30 } });
      client.send({ ...ask, messageId: 9 });
      assert.equal((await client.next('disconnect')).reasonCode, 0x95);
      await client.end();
      assert.deepEqual(client.got, []);
    }
  });

  it('answers UNSUBSCRIBE by filter [3.11.3], and sends nothing more for it', async () => {
    await using client = await open();
    await subscribe(client, [{ topic: 'left' }]);
    client.send({ cmd: 'unsubscribe', messageId: 9, unsubscriptions: ['left', 'never'] });
    const { messageId, granted } = await client.next('unsuback');
    assert.deepEqual([messageId, granted], [9, [0, 0x11]]);
    await publish(client, 'left', 'x');
    assert.deepEqual(await heard(client), []);
  });

  it('delivers once for overlapping filters, with the highest QoS and all identifiers [3.3.4-2 to -5]', async () => {
    await using client = await open();
    await subscribe(client, [{ topic: 'over/#', qos: 0 }], { subscriptionIdentifier: 1 });
    await subscribe(client, [{ topic: 'over/+', qos: 2 }], { subscriptionIdentifier: 268_435_455 });
    await subscribe(client, [{ topic: 'over/a', qos: 1 }]);
    await using publisher = await open();
    await publish(publisher, 'over/a', 'x');
    assert.deepEqual(await heard(client), ['x 1 1 268435455']);
  });

  it('replaces a subscription to the same filter, identifier and all [3.8.4-3]', async () => {
    await using client = await open();
    await subscribe(client, [{ topic: 'twice', qos: 0 }], { subscriptionIdentifier: 1 });
    await subscribe(client, [{ topic: 'twice', qos: 1 }], { subscriptionIdentifier: 2 });
    await using publisher = await open();
    await publish(publisher, 'twice', 'x');
    assert.deepEqual(await heard(client), ['x 1 2']);
  });

  it('matches wildcards by level, and never $ topics from the start [4.7]', async () => {
    await using client = await open();
    await subscribe(client, [{ topic: 'tree/+/leaf' }, { topic: 'tree/#' }, { topic: '/+' }]);
    await using dollar = await open();
    await subscribe(dollar, [{ topic: '#' }, { topic: '+/x' }]);
    await using named = await open();
    await subscribe(named, [{ topic: '$own/#' }]);
    await using publisher = await open();
    for (const topic of ['tree', 'tree//leaf', 'tree/a/leaf', 'trees', '/a', '$own/x'])
      await publish(publisher, topic, topic);
    assert.deepEqual(await heard(client), ['tree 0', 'tree//leaf 0', 'tree/a/leaf 0', '/a 0']);
    assert.ok(!(await heard(dollar)).includes('$own/x 0'));
    assert.deepEqual(await heard(named), ['$own/x 0']);
  });

  it('leaves out own messages with No Local, unless another filter of the client matches [3.8.3-3]', async () => {
    await using client = await open();
    await subscribe(client, [{ topic: 'local/#', nl: true }]);
    await publish(client, 'local/a', 'own');
    assert.deepEqual(await heard(client), []);
    await subscribe(client, [{ topic: 'local/a' }]);
    await publish(client, 'local/a', 'again');
    assert.deepEqual(await heard(client), ['again 0']);
  });

  it('keeps the retain flag only with Retain As Published [3.3.1-12, -13], and sets it for what was retained', async () => {
    await using plain = await open();
    await subscribe(plain, [{ topic: 'flag' }]);
    await using faithful = await open();
    await subscribe(faithful, [{ topic: 'flag', rap: true }]);
    await using publisher = await open();
    await publish(publisher, 'flag', 'live', { retain: true });
    assert.deepEqual(await heard(plain), ['live 0']);
    assert.deepEqual(await heard(faithful), ['live 0 retained']);
    await using late = await open();
    await subscribe(late, [{ topic: 'flag', qos: 2 }], { subscriptionIdentifier: 3 });
    assert.deepEqual(await heard(late), ['live 1 retained 3']);
  });

  it('gives retained messages by Retain Handling 0, 1 and 2 [3.3.1-9 to -11]', async () => {
    await using publisher = await open();
    await publish(publisher, 'handled', 'kept', { retain: true });
    for (const [rh, first, second] of [
      [0, 1, 1],
      [1, 1, 0],
      [2, 0, 0],
    ] as const) {
      await using client = await open();
      await subscribe(client, [{ topic: 'handled', rh }]);
      assert.equal((await heard(client)).length, first);
      await subscribe(client, [{ topic: 'handled', rh }]);
      assert.equal((await heard(client)).length, second);
    }
    await publish(publisher, 'handled', '', { retain: true });
    await using client = await open();
    await subscribe(client, [{ topic: 'handled' }]);
    assert.deepEqual(await heard(client), []);
  });

  it('shares a subscription: each message to one member, in turn; No Local is an error [4.8.2, 3.8.3-4]', async () => {
    await using one = await open();
    await using two = await open();
    await using alone = await open();
    await using publisher = await open();
    for (const member of [one, two]) await subscribe(member, [{ topic: '$share/group/job/#', qos: 1 }]);
    await subscribe(alone, [{ topic: '$share/other/job/#', qos: 1 }]);
    await publish(publisher, 'job/kept', 'kept', { retain: true });
    for (let count = 0; count < 5; count += 1) await publish(publisher, 'job/x', `${count}`);
    const parts = [await heard(one), await heard(two)];
    assert.deepEqual(
      parts.map(({ length }) => length),
      [3, 3],
    );
    assert.equal((await heard(alone)).length, 6);
    two.send({ cmd: 'unsubscribe', messageId: 1, unsubscriptions: ['$share/group/job/#'] });
    await two.next('unsuback');
    await publish(publisher, 'job/x', 'last');
    assert.deepEqual(await heard(one), ['last 1']);
    await using late = await open();
    await subscribe(late, [{ topic: '$share/group/job/#' }]);
    assert.deepEqual(await heard(late), [], 'nothing retained for shared subscriptions');
    for (const [topic, nl] of [
      ['$share/group/x', true],
      ['$share//x', false],
      ['$share/g+/x', false],
      ['$share/group/', false],
    ] as const) {
      await using wrong = await open();
      wrong.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos: 0, nl, rap: false, rh: 0 }] });
      assert.ok(Number((await wrong.next('disconnect')).reasonCode) >= 0x81);
    }
  });

  it('keeps QoS 1 and 2 for a session that is away, within the limit, and nothing of QoS 0', async () => {
    const session = { clientId: 'away', clean: false, properties: { sessionExpiryInterval: 60 } };
    const first = await open(5, session);
    await subscribe(first, [{ topic: 'away', qos: 2 }]);
    await first[Symbol.asyncDispose]();
    await using publisher = await open();
    publisher.send({ cmd: 'publish', topic: 'away', payload: 'zero', qos: 0, retain: false, dup: false });
    for (let count = 0; count < 5; count += 1) await publish(publisher, 'away', `${count}`);
    await using again = await open(5, session);
    assert.deepEqual(await heard(again), ['0 1', '1 1', '2 1']);
    assert.equal(world.broker.counts.dropped, 2);
  });

  it('ends a session with its expiry [3.1.2-23], at once without one', async () => {
    const session = { clientId: 'short', clean: false, properties: { sessionExpiryInterval: 1 } };
    await (await open(5, session))[Symbol.asyncDispose]();
    await waitFor('its end', () =>
      [...world.broker.sessions()].some(({ clientId }) => clientId === 'short') ? undefined : true,
    );
    await using client = new RawClient(world.port, 5);
    assert.equal((await client.connect({ ...session, properties: {} })).sessionPresent, false);
    client.send({ cmd: 'disconnect' });
    await client.end();
    await using after = new RawClient(world.port, 5);
    assert.equal((await after.connect(session)).sessionPresent, false);
  });

  const will = { topic: 'will', payload: Buffer.from('gone'), qos: 1, retain: false };
  it('publishes a will when the connection breaks or DISCONNECT says so, and not otherwise [3.1.2-8, -10]', async () => {
    await using watcher = await open();
    await subscribe(watcher, [{ topic: 'will', qos: 1 }]);
    const leave = async (more: object, act: (client: RawClient) => void): Promise<void> => {
      await using client = await open(5, { will: { ...will, ...more } });
      act(client);
      await client.end();
    };
    await leave({ payload: Buffer.from('polite') }, (client) => client.send({ cmd: 'disconnect' }));
    await leave({ payload: Buffer.from('asked') }, (client) => client.send({ cmd: 'disconnect', reasonCode: 4 }));
    await leave({ payload: Buffer.from('malformed') }, (client) => client.send(Buffer.from([0, 0])));
    await leave({ payload: Buffer.from('broken') }, (client) => client.socket.destroy());
    assert.equal(String((await watcher.next('publish')).payload), 'asked');
    assert.equal(String((await watcher.next('publish')).payload), 'malformed');
    assert.equal(String((await watcher.next('publish')).payload), 'broken');
  });

  it('holds a will back for its delay, unless the session ends before, or goes on [3.1.3-9]', async () => {
    await using watcher = await open();
    await subscribe(watcher, [{ topic: 'will', qos: 1 }]);
    const session = (clientId: string, sessionExpiryInterval: number, willDelayInterval: number): object => ({
      clientId,
      clean: false,
      properties: { sessionExpiryInterval },
      will: { ...will, payload: Buffer.from(clientId), properties: { willDelayInterval } },
    });
    const vanish = async (client: RawClient): Promise<void> => client[Symbol.asyncDispose]();
    await vanish(await open(5, session('ends-first', 1, 60)));
    await vanish(await open(5, session('back-in-time', 60, 1)));
    await vanish(await open(5, session('starts-anew', 60, 60)));
    await using _back = await open(5, { ...session('back-in-time', 60, 1), will: undefined });
    await using _anew = await open(5, { ...session('starts-anew', 60, 60), clean: true, will: undefined });
    await vanish(await open(5, session('late', 60, 1)));
    assert.equal(String((await watcher.next('publish')).payload), 'starts-anew');
    const later = [await watcher.next('publish'), await watcher.next('publish')].map(({ payload }) => String(payload));
    assert.deepEqual(later.sort(), ['ends-first', 'late']);
    await watcher.settled();
    assert.deepEqual(watcher.got, []);
  });
});
