import assert from 'node:assert/strict';
import { brokerWorld, type BrokerWorld } from './broker-world.ts';
import { RawClient } from './raw-client.ts';

describe('PUBLISH and its answers, as the standards say', () => {
  let world: BrokerWorld;
  before(async () => {
    world = await brokerWorld({
      authorize: (_, action, topic) => topic !== 'secret' || action !== 'publish',
      limits: { maxInFlight: 5 },
    });
  });
  after(() => world[Symbol.asyncDispose]());

  async function open(level: 3 | 4 | 5, more: object = {}): Promise<RawClient> {
    const client = new RawClient(world.port, level);
    await client.connect(more);
    return client;
  }
  async function subscribed(
    level: 3 | 4 | 5,
    topic: string,
    options: object = {},
    more: object = {},
  ): Promise<RawClient> {
    const client = await open(level, more);
    client.send({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: [{ topic, qos: 2, nl: false, rap: false, rh: 0, ...options }],
    });
    await client.next('suback');
    return client;
  }
  const publish = (topic: string, more: object = {}): object => ({
    cmd: 'publish',
    topic,
    payload: 'x',
    qos: 0,
    retain: false,
    ...more,
  });

  for (const level of [3, 4, 5] as const) {
    it(`acknowledges each with its own packet id, and passes on at the lower QoS, at level ${level}`, async () => {
      const topic = `level/${level}`;
      await using subscriber = await subscribed(level, topic, { qos: 1 });
      await using client = await open(level);
      client.send(publish(topic, { qos: 1, messageId: 7 }), publish(topic, { qos: 2, messageId: 8 }));
      assert.equal((await client.next('puback')).messageId, 7);
      assert.equal((await client.next('pubrec')).messageId, 8);
      client.send({ cmd: 'pubrel', messageId: 8 });
      assert.equal((await client.next('pubcomp')).messageId, 8);
      for (const _ of [1, 2]) assert.equal((await subscriber.next('publish')).qos, 1);
    });

    it(`routes a QoS 2 message once, however often it is sent before PUBREL [4.3.3-10], at level ${level}`, async () => {
      const topic = `once/${level}`;
      await using subscriber = await subscribed(level, topic);
      await using client = await open(level);
      client.send(publish(topic, { qos: 2, messageId: 3 }), publish(topic, { qos: 2, messageId: 3, dup: true }));
      await client.next('pubrec');
      await client.next('pubrec');
      client.send({ cmd: 'pubrel', messageId: 3 });
      await client.next('pubcomp');
      client.send(publish(topic, { qos: 2, messageId: 3, payload: 'next' }));
      await client.next('pubrec');
      assert.equal(String((await subscriber.next('publish')).payload), 'x');
      assert.equal(String((await subscriber.next('publish')).payload), 'next');
      await subscriber.settled();
      assert.deepEqual(subscriber.got, []);
    });

    it(`sends what was not acknowledged again, with DUP and its packet id, in order [4.4.0-1], at level ${level}`, async () => {
      const topic = `again/${level}`;
      const session = { clientId: `again-${level}`, clean: false, properties: { sessionExpiryInterval: 60 } };
      const first = await subscribed(level, topic, {}, session);
      await using client = await open(level);
      client.send(
        publish(topic, { qos: 1, messageId: 1, payload: 'one' }),
        publish(topic, { qos: 2, messageId: 2, payload: 'two' }),
      );
      client.send(publish(topic, { qos: 2, messageId: 3, payload: 'three' }));
      const sent = [await first.next('publish'), await first.next('publish'), await first.next('publish')];
      first.send({ cmd: 'pubrec', messageId: sent[2]!.messageId });
      await first.next('pubrel');
      await first[Symbol.asyncDispose]();
      await using second = await open(level, session);
      const again = [await second.next('publish'), await second.next('publish')];
      assert.deepEqual(
        again.map(({ dup, messageId, payload }) => [dup, messageId, String(payload)]),
        [
          [true, sent[0]!.messageId, 'one'],
          [true, sent[1]!.messageId, 'two'],
        ],
      );
      assert.equal((await second.next('pubrel')).messageId, sent[2]!.messageId);
      second.send({ cmd: 'pubcomp', messageId: sent[2]!.messageId }, { cmd: 'puback', messageId: sent[0]!.messageId });
      second.send({ cmd: 'pubrec', messageId: sent[1]!.messageId });
      await second.next('pubrel');
    });
  }

  for (const level of [4, 5] as const) {
    for (const [qos, answers] of [
      [1, ['pubrec']],
      [1, ['pubcomp']],
      [2, ['puback']],
      [2, ['pubcomp']],
      [2, ['pubrec', 'puback']],
    ] as const) {
      it(`ends who answers QoS ${qos} with ${answers.join(' and ')} [4.3], at level ${level}`, async () => {
        await using subscriber = await subscribed(level, 'answered');
        await using client = await open(level);
        client.send(publish('answered', { qos, messageId: 3 }));
        const { messageId } = await subscriber.next('publish');
        for (const cmd of answers) subscriber.send({ cmd, messageId });
        if (level === 5) assert.equal((await subscriber.next('disconnect')).reasonCode, 0x82);
        await subscriber.end();
        await client.settled();
      });
    }
  }

  it('says who has no subscriber (0x10), who may not (0x87), and knows its packet ids (0x92)', async () => {
    await using client = await open(5);
    client.send(publish('nobody', { qos: 1, messageId: 1 }), publish('nobody', { qos: 2, messageId: 2 }));
    assert.equal((await client.next('puback')).reasonCode, 0x10);
    await client.next('pubrec');
    client.send(
      publish('secret', { qos: 1, messageId: 3 }),
      publish('secret', { qos: 2, messageId: 4 }),
      publish('secret'),
    );
    const refused = await client.next('puback');
    assert.equal(refused.reasonCode, 0x87);
    assert.equal(refused.properties?.reasonString, 'may not publish secret');
    assert.equal((await client.next('pubrec')).reasonCode, 0x87);
    client.send({ cmd: 'pubrel', messageId: 99 }, { cmd: 'pubrec', messageId: 98 });
    assert.equal((await client.next('pubcomp')).reasonCode, 0x92);
    assert.equal((await client.next('pubrel')).reasonCode, 0x92);
    client.send({ cmd: 'puback', messageId: 97 }, { cmd: 'pubcomp', messageId: 96 });
    await client.settled();
  });

  it('says PUBCOMP again to who lost it with the connection, without an error [3.7.2.1]', async () => {
    const session = { clientId: 'lost-pubcomp', clean: false, properties: { sessionExpiryInterval: 60 } };
    await using first = await open(5, session);
    first.send(publish('lost', { qos: 2, messageId: 1 }));
    await first.next('pubrec');
    first.send({ cmd: 'pubrel', messageId: 1 });
    await first.next('pubcomp');
    await first[Symbol.asyncDispose]();
    await using second = await open(5, session);
    second.send({ cmd: 'pubrel', messageId: 1 });
    assert.equal((await second.next('pubcomp')).reasonCode ?? 0, 0);
  });

  it('keeps reason strings from who does not want them [3.1.2-29], and ends an MQTT 3 client instead', async () => {
    await using client = await open(5, { properties: { requestProblemInformation: false } });
    client.send(publish('secret', { qos: 1, messageId: 3 }));
    assert.equal((await client.next('puback')).properties, undefined);
    await using old = await open(4);
    old.send(publish('secret', { qos: 1, messageId: 3 }));
    await old.end();
    assert.deepEqual(old.got, []);
  });

  it('passes properties on unaltered and in order, and takes waiting off the expiry [3.3.2-4 to -20, 3.3.2-6]', async () => {
    await using subscriber = await subscribed(5, 'properties');
    await using client = await open(5);
    const properties = {
      payloadFormatIndicator: true,
      contentType: 'text/plain',
      responseTopic: 'answer',
      correlationData: Buffer.from([1, 2, 3]),
      userProperties: { b: ['2', '3'], a: '1' },
    };
    client.send(publish('properties', { properties: { ...properties, messageExpiryInterval: 60 } }));
    const got = await subscriber.next('publish');
    const { messageExpiryInterval, ...rest } = got.properties ?? {};
    assert.ok(Number(messageExpiryInterval) <= 60 && Number(messageExpiryInterval) > 50);
    assert.deepEqual({ ...rest, userProperties: { ...rest.userProperties } }, properties);
  });

  it('drops what has expired before it could be sent [3.3.2-5]', async () => {
    const session = { clientId: 'expiry', clean: false, properties: { sessionExpiryInterval: 60 } };
    await (await subscribed(5, 'expiry', {}, session))[Symbol.asyncDispose]();
    await using client = await open(5);
    client.send(publish('expiry', { qos: 1, messageId: 1, properties: { messageExpiryInterval: 1 } }));
    client.send(
      publish('expiry', { qos: 1, messageId: 2, payload: 'stays', properties: { messageExpiryInterval: 100 } }),
    );
    client.send(
      publish('expiry-kept', { qos: 1, messageId: 3, retain: true, properties: { messageExpiryInterval: 1 } }),
    );
    await client.next('puback');
    await client.next('puback');
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    await using late = await open(5, session);
    assert.equal(String((await late.next('publish')).payload), 'stays');
    late.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'expiry-kept', qos: 0 }] });
    await late.next('suback');
    await late.settled();
    assert.deepEqual(late.got, []);
  });

  it('understands topic aliases, and only those it offered [3.3.2-7 to -12]', async () => {
    await using subscriber = await subscribed(5, 'alias/#');
    await using client = await open(5);
    client.send(
      publish('alias/a', { properties: { topicAlias: 1 } }),
      publish('', { payload: 'y', properties: { topicAlias: 1 } }),
    );
    client.send(
      publish('alias/b', { properties: { topicAlias: 1 } }),
      publish('', { payload: 'z', properties: { topicAlias: 1 } }),
    );
    const topics = [];
    for (let count = 0; count < 4; count += 1) {
      const { topic, properties } = await subscriber.next('publish');
      topics.push(topic);
      assert.equal(properties?.topicAlias, undefined);
    }
    assert.deepEqual(topics, ['alias/a', 'alias/a', 'alias/b', 'alias/b']);
    for (const bad of [0, 65]) {
      await using wrong = await open(5);
      wrong.send(Buffer.from([0x30, 8, 0, 1, 97, 3, 0x23, bad >> 8, bad, 120]));
      assert.equal((await wrong.next('disconnect')).reasonCode, 0x94);
    }
    await using unknown = await open(5);
    unknown.send(Buffer.from([0x30, 7, 0, 0, 3, 0x23, 0, 9, 120]));
    assert.ok(Number((await unknown.next('disconnect')).reasonCode) >= 0x82);
  });

  it('uses topic aliases as far as the client takes them', async () => {
    await using subscriber = await subscribed(5, 'short/#', {}, { properties: { topicAliasMaximum: 1 } });
    await using client = await open(5);
    for (const topic of ['short/a', 'short/a', 'short/b', 'short/a']) client.send(publish(topic));
    const got = [];
    for (let count = 0; count < 4; count += 1) {
      const { topic, properties } = await subscriber.next('publish');
      got.push([topic, properties?.topicAlias]);
    }
    assert.deepEqual(got, [
      ['short/a', 1],
      ['', 1],
      ['short/b', undefined],
      ['', 1],
    ]);
  });

  it('holds the Receive Maximum of the client [3.3.4-9], and ends who breaks ours with 0x93 [3.3.4-7]', async () => {
    await using subscriber = await subscribed(5, 'window', {}, { properties: { receiveMaximum: 2 } });
    await using client = await open(5);
    for (let id = 1; id <= 4; id += 1) client.send(publish('window', { qos: 1, messageId: id }));
    for (let id = 1; id <= 4; id += 1) await client.next('puback');
    await subscriber.settled();
    assert.equal(subscriber.got.length, 2);
    client.send(publish('window', { payload: 'free' }));
    await client.settled();
    await subscriber.settled();
    assert.equal(subscriber.got.length, 3, 'QoS 0 is not counted');
    subscriber.send({ cmd: 'puback', messageId: (await subscriber.next('publish')).messageId });
    await subscriber.settled();
    assert.equal(subscriber.got.length, 3);

    for (let id = 1; id <= 6; id += 1) client.send(publish('window/2', { qos: 2, messageId: id }));
    assert.equal((await client.next('disconnect')).reasonCode, 0x93);
  });

  it('never sends what is larger than the client takes [3.1.2-25], and goes on with the rest', async () => {
    await using subscriber = await subscribed(5, 'size', {}, { properties: { maximumPacketSize: 60 } });
    await using other = await subscribed(5, 'size');
    await using client = await open(5);
    client.send(
      publish('size', { qos: 1, messageId: 1, payload: 'x'.repeat(100) }),
      publish('size', { qos: 1, messageId: 2, payload: 'fits' }),
    );
    assert.equal(String((await subscriber.next('publish')).payload), 'fits');
    assert.equal((await other.next('publish')).payload.length, 100);
  });

  it('ends who sends more than our maximum packet size, with 0x95', async () => {
    await using client = await open(5);
    client.send(publish('big', { payload: 'x'.repeat(300_000) }));
    assert.equal((await client.next('disconnect')).reasonCode, 0x95);
  });
});
