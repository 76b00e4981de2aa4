import assert from 'node:assert/strict';
import type { IConnectPacket, IPublishPacket, ISubscription } from 'mqtt-packet';
import type { FlowMessage } from '../../../nodes/adapter/message.ts';
import { openPacketBroker, politely, type PacketBroker } from '../../endpoints/mqtt/client/packet-broker.ts';
import {
  catching,
  errorText,
  sink,
  startNodeRed,
  tab,
  type StoredNode,
  type TestNodeRed,
} from '../../support/node-red.ts';

type Settings = Readonly<Record<string, unknown>>;
type Found<Packet> = (packet: Packet) => unknown;

const properties = (connect: IConnectPacket): NonNullable<IConnectPacket['properties']> => connect.properties ?? {};
const rows = [
  { name: 'a', value: '1' },
  { name: 'a', value: '2' },
];
const repeated = { a: ['1', '2'] };
const will = (more: Settings): Settings => ({ willTopic: 'w', willPayload: 'lost', ...more });

/** Each setting of a link, and where a broker finds it. */
const OF_LINK: [string, Settings, Found<IConnectPacket>, unknown][] = [
  ['protocolVersion 4', { protocolVersion: '4' }, (c) => c.protocolVersion, 4],
  ['protocolVersion 3', { protocolVersion: '3' }, (c) => c.protocolVersion, 3],
  ['clientId', { clientId: 'plant.7' }, (c) => c.clientId, 'plant.7'],
  ['keepAliveMs', { keepAliveMs: 60_000 }, (c) => c.keepalive, 40],
  [
    'cleansession on',
    { clientId: 'c', sessionExpirySeconds: 5, cleansession: true, schemaVersion: 2 },
    (c) => c.clean,
    true,
  ],
  [
    'cleansession off',
    { clientId: 'c', sessionExpirySeconds: 5, cleansession: false, schemaVersion: 2 },
    (c) => c.clean,
    false,
  ],
  [
    'cleansession of a link stored before there was one',
    { clientId: 'c', sessionExpirySeconds: 5 },
    (c) => c.clean,
    false,
  ],
  ['sessionExpirySeconds', { clientId: 'c', sessionExpirySeconds: 5 }, (c) => properties(c).sessionExpiryInterval, 5],
  ['receiveMaximum', { receiveMaximum: 8 }, (c) => properties(c).receiveMaximum, 8],
  ['maximumPacketSize', { maximumPacketSize: 4000 }, (c) => properties(c).maximumPacketSize, 4000],
  ['topicAliasMaximum', { topicAliasMaximum: 3 }, (c) => properties(c).topicAliasMaximum, 3],
  ['userProps', { userProps: rows }, (c) => ({ ...properties(c).userProperties }), repeated],
  ['username', { credentials: { username: 'u' } }, (c) => c.username, 'u'],
  ['password', { credentials: { username: 'u', password: 'p' } }, (c) => c.password?.toString(), 'p'],
  ['authenticationMethod', { authenticationMethod: 'TEST' }, (c) => properties(c).authenticationMethod, 'TEST'],
  [
    'authenticationData',
    { authenticationMethod: 'TEST', credentials: { authenticationData: 'd' } },
    (c) => properties(c).authenticationData?.toString(),
    'd',
  ],
  ['willTopic and willPayload', will({}), (c) => [c.will?.topic, c.will?.payload.toString()], ['w', 'lost']],
  ['willQos', will({ willQos: '2' }), (c) => c.will?.qos, 2],
  ['willRetain', will({ willRetain: true }), (c) => c.will?.retain, true],
  ['willDelay', will({ willDelay: 9 }), (c) => c.will?.properties?.willDelayInterval, 9],
  ['willContentType', will({ willContentType: 'text/plain' }), (c) => c.will?.properties?.contentType, 'text/plain'],
  ['willUserProps', will({ willUserProps: rows }), (c) => ({ ...c.will?.properties?.userProperties }), repeated],
  ['willResponseTopic', will({ willResponseTopic: 'r' }), (c) => c.will?.properties?.responseTopic, 'r'],
  [
    'willCorrelationData',
    will({ willCorrelationData: 'c' }),
    (c) => c.will?.properties?.correlationData?.toString(),
    'c',
  ],
  ['willExpiry', will({ willExpiry: 7 }), (c) => c.will?.properties?.messageExpiryInterval, 7],
];

/** Each setting of a birth or close message. */
const OF_ANNOUNCEMENT: [string, Settings, Found<IPublishPacket>, unknown][] = [
  ['Topic and Payload', {}, (p) => [p.topic, p.payload.toString()], ['a', 'text']],
  ['Qos', { Qos: '1' }, (p) => p.qos, 1],
  ['Retain', { Retain: true }, (p) => p.retain, true],
  ['ContentType', { ContentType: 'text/plain' }, (p) => p.properties?.contentType, 'text/plain'],
  ['UserProps', { UserProps: rows }, (p) => ({ ...p.properties?.userProperties }), repeated],
  ['ResponseTopic', { ResponseTopic: 'r' }, (p) => p.properties?.responseTopic, 'r'],
  ['CorrelationData', { CorrelationData: 'c' }, (p) => p.properties?.correlationData?.toString(), 'c'],
  ['Expiry', { Expiry: 7 }, (p) => p.properties?.messageExpiryInterval, 7],
];

/** What a message or the settings of an out node say, and what is published. */
const OF_OUT: [string, Settings, FlowMessage, Found<IPublishPacket>, unknown][] = [
  ['topic', { topic: 'fixed' }, { topic: 'other' }, (p) => p.topic, 'fixed'],
  ['msg.topic', {}, { topic: 'said' }, (p) => p.topic, 'said'],
  [
    'msg.responseTopic without a topic',
    {},
    { responseTopic: 'reply' },
    (p) => [p.topic, p.properties?.responseTopic],
    ['reply', undefined],
  ],
  ['qos', { qos: '2' }, { topic: 't', qos: 0 }, (p) => p.qos, 2],
  ['msg.qos', {}, { topic: 't', qos: 2 }, (p) => p.qos, 2],
  ['QoS 1 when nobody says anything', {}, { topic: 't' }, (p) => p.qos, 1],
  ['retain', { retain: 'yes' }, { topic: 't', retain: false }, (p) => p.retain, true],
  ['msg.retain', {}, { topic: 't', retain: true }, (p) => p.retain, true],
  ['contentType', { contentType: 'a/b' }, { topic: 't', contentType: 'c/d' }, (p) => p.properties?.contentType, 'a/b'],
  ['msg.contentType', {}, { topic: 't', contentType: 'c/d' }, (p) => p.properties?.contentType, 'c/d'],
  ['userProps', { userProps: rows }, { topic: 't' }, (p) => ({ ...p.properties?.userProperties }), repeated],
  [
    'msg.userProperties',
    {},
    { topic: 't', userProperties: { B: ['1', '2'], c: '3' } },
    (p) => ({ ...p.properties?.userProperties }),
    { B: ['1', '2'], c: '3' },
  ],
  ['respTopic', { respTopic: 'r' }, { topic: 't' }, (p) => p.properties?.responseTopic, 'r'],
  ['msg.responseTopic', {}, { topic: 't', responseTopic: 's' }, (p) => p.properties?.responseTopic, 's'],
  ['correl', { correl: 'c' }, { topic: 't' }, (p) => p.properties?.correlationData?.toString(), 'c'],
  [
    'msg.correlationData',
    {},
    { topic: 't', correlationData: Buffer.from([0, 255]) },
    (p) => p.properties?.correlationData,
    Buffer.from([0, 255]),
  ],
  ['expiry', { expiry: 5 }, { topic: 't' }, (p) => p.properties?.messageExpiryInterval, 5],
  [
    'msg.messageExpiryInterval',
    {},
    { topic: 't', messageExpiryInterval: 6 },
    (p) => p.properties?.messageExpiryInterval,
    6,
  ],
  [
    'msg.payloadFormatIndicator',
    {},
    { topic: 't', payloadFormatIndicator: true },
    (p) => p.properties?.payloadFormatIndicator,
    true,
  ],
  ['msg.topicAlias', {}, { topic: 't', topicAlias: 4 }, (p) => p.properties?.topicAlias, 4],
  ['text', {}, { topic: 't', payload: 'täxt' }, (p) => p.payload.toString(), 'täxt'],
  ['bytes', {}, { topic: 't', payload: Buffer.from([0, 255]) }, (p) => p.payload, Buffer.from([0, 255])],
  [
    'an object',
    {},
    { topic: 't', payload: { a: 1 } },
    (p) => [p.payload.toString(), p.properties?.contentType],
    ['{"a":1}', 'application/json'],
  ],
  ['a number', {}, { topic: 't', payload: 7 }, (p) => p.payload.toString(), '7'],
];

/** Each setting of an in node, and what it subscribes to. */
const OF_IN: [string, Settings, Partial<ISubscription>][] = [
  ['topic', { topic: 'a/+/#' }, { topic: 'a/+/#' }],
  ['a shared topic', { topic: '$share/g/a/#' }, { topic: '$share/g/a/#' }],
  ['qos', { qos: '2' }, { qos: 2 }],
  ['nl', { nl: true }, { nl: true }],
  ['rap', { rap: true }, { rap: true }],
  ['rh 1', { rh: '1' }, { rh: 1 }],
  ['rh 2', { rh: '2' }, { rh: 2 }],
];

/** What comes in, and what an in node makes of it. */
const OF_ARRIVAL: [string, Settings, Partial<IPublishPacket>, Found<FlowMessage>, unknown][] = [
  [
    'topic, qos and retain',
    {},
    { retain: true, qos: 1, messageId: 1 },
    (m) => [m.topic, m['qos'], m['retain']],
    ['t', 1, true],
  ],
  ['msg._topic of a broker on this machine', {}, {}, (m) => m['_topic'], 't'],
  ['detected JSON', {}, { payload: '{"a":1}' }, (m) => m.payload, { a: 1 }],
  ['detected text', {}, { payload: 'text' }, (m) => m.payload, 'text'],
  ['detected bytes', {}, { payload: Buffer.from([0xff, 0]) }, (m) => m.payload, Buffer.from([0xff, 0])],
  [
    'what the content type says',
    {},
    { payload: '{"a":1}', properties: { contentType: 'text/plain' } },
    (m) => m.payload,
    '{"a":1}',
  ],
  ['a buffer', { datatype: 'buffer' }, { payload: '{}' }, (m) => m.payload, Buffer.from('{}')],
  ['text', { datatype: 'utf8' }, { payload: '{}' }, (m) => m.payload, '{}'],
  ['JSON', { datatype: 'json' }, { payload: '[1]' }, (m) => m.payload, [1]],
  ['Base64', { datatype: 'base64' }, { payload: 'abc' }, (m) => m.payload, 'YWJj'],
  ...(
    [
      ['responseTopic', 'r'],
      ['correlationData', Buffer.from([0, 255])],
      ['contentType', 'text/plain'],
      ['messageExpiryInterval', 9],
      ['payloadFormatIndicator', true],
      ['topicAlias', 2],
    ] as const
  ).map(([name, value]): (typeof OF_ARRIVAL)[number] => [
    `msg.${name}`,
    {},
    { properties: { [name]: value } },
    (m) => m[name],
    value,
  ]),
  [
    'msg.userProperties',
    {},
    { properties: { userProperties: { B: ['1', '2'], c: '3' } } },
    (m) => m.userProperties,
    { B: ['1', '2'], c: '3' },
  ],
];

describe('the MQTT nodes', () => {
  let nodeRed: TestNodeRed;
  let broker: PacketBroker;
  /** The last word of a broker that was answered. */
  const proof = Promise.withResolvers<string>();
  before(async () => {
    const answer = (challenge: Buffer): string => `answer to ${challenge.toString()}`;
    const verify = (last: Buffer): void => proof.resolve(last.toString());
    nodeRed = await startNodeRed({ settings: { chartwireMqttAuthentication: { RIDDLE: { answer, verify } } } });
  });
  after(async () => {
    await nodeRed.stop();
  });
  afterEach(async () => {
    await nodeRed.deploy([tab]);
    await broker[Symbol.asyncDispose]();
  });

  const open = async (link: Settings, ...nodes: StoredNode[]): Promise<void> => {
    const level = Number(link['protocolVersion'] ?? 5) as 3 | 4 | 5;
    broker = await openPacketBroker(politely({ properties: { topicAliasMaximum: 9 } }), level);
    const stored = { id: 'far', type: 'chartwire-mqtt-link', url: broker.url, useTopicAliases: false, ...link };
    await nodeRed.deploy([tab, ...catching, stored, ...nodes]);
  };
  const out = (more: Settings = {}): StoredNode => ({
    id: 'out',
    type: 'chartwire-mqtt-out',
    z: tab.id,
    link: 'far',
    wires: [],
    ...more,
  });
  const into = (more: Settings = {}): StoredNode[] => [
    { id: 'in', type: 'chartwire-mqtt-in', z: tab.id, link: 'far', topic: 't', wires: [['sink']], ...more },
    sink('sink'),
  ];
  const give = (packet: Partial<IPublishPacket>): void => {
    const plain = { cmd: 'publish', topic: 't', payload: 'x', qos: 0, dup: false, retain: false } as const;
    broker.guests.at(-1)!.send({ ...plain, ...packet });
  };

  it('answer the challenges of a broker as settings.ts says for the method', async () => {
    const polite = politely();
    broker = await openPacketBroker((packet, guest, count) => {
      const say = (data: string) => ({ authenticationMethod: 'RIDDLE', authenticationData: Buffer.from(data) });
      if (packet.cmd === 'connect') guest.send({ cmd: 'auth', reasonCode: 0x18, properties: say('riddle') } as never);
      else if (packet.cmd === 'auth') {
        guest.send({ cmd: 'connack', sessionPresent: false, reasonCode: 0, properties: say('proof') });
      } else polite(packet, guest, count);
    });
    const link = { id: 'far', type: 'chartwire-mqtt-link', url: broker.url, authenticationMethod: 'RIDDLE' };
    await nodeRed.deploy([tab, ...catching, link, out()]);
    const [auth] = await broker.when('auth');
    assert.equal(auth?.properties?.authenticationData?.toString(), 'answer to riddle');
    assert.equal(await proof.promise, 'proof');
    await nodeRed.statusOf('out', /sent/);
  });

  for (const [what, settings, found, expected] of OF_LINK) {
    it(`take from the link: ${what}`, async () => {
      await open(settings, out());
      const [connect] = await broker.when('connect');
      assert.deepEqual(found(connect!), expected);
    });
  }

  for (const which of ['birth', 'close']) {
    for (const [what, settings, found, expected] of OF_ANNOUNCEMENT) {
      it(`take from the link: ${which}${what}`, async () => {
        const all = { Topic: 'a', Payload: 'text', ...settings };
        await open(Object.fromEntries(Object.entries(all).map(([name, value]) => [`${which}${name}`, value])), out());
        await nodeRed.statusOf('out', /sent/);
        if (which === 'close') await nodeRed.deploy([tab]);
        const [packet] = await broker.when('publish');
        assert.deepEqual(found(packet!), expected);
      });
    }
  }

  for (const [what, settings, message, found, expected] of OF_OUT) {
    it(`publish: ${what}`, async () => {
      await open({}, out(settings));
      nodeRed.send('out', message);
      const [packet] = await broker.when('publish');
      assert.deepEqual(found(packet!), expected);
    });
  }

  for (const [what, settings, expected] of OF_IN) {
    it(`subscribe: ${what}`, async () => {
      await open({}, ...into(settings));
      const [{ subscriptions } = { subscriptions: [] }] = await broker.when('subscribe');
      assert.deepEqual(subscriptions, [{ topic: 't', qos: 1, nl: false, rap: false, rh: 0, ...expected }]);
    });
  }

  for (const [what, settings, packet, found, expected] of OF_ARRIVAL) {
    it(`emit: ${what}`, async () => {
      await open({}, ...into({ qos: '2', ...settings }));
      await nodeRed.statusOf('in', /sent/);
      give(packet);
      const [message] = await nodeRed.receivedBy('sink', 1);
      assert.deepEqual(found(message!), expected);
    });
  }

  describe('with messages that say what to do', () => {
    const dynamic = (link: Settings = {}): Promise<void> =>
      open(link, ...into({ topic: '', topicType: 'dynamic' }), out());

    it('subscribe to a text, an object and a list', async () => {
      await dynamic();
      nodeRed.send('in', { action: 'subscribe', topic: 'one' });
      nodeRed.send('in', { action: 'subscribe', topic: { topic: 'two', qos: 2, nl: true, rap: true, rh: 2 } });
      nodeRed.send('in', { action: 'subscribe', topic: ['three', { topic: 'four', qos: 0 }] });
      const packets = await broker.when('subscribe', 4);
      assert.deepEqual(
        packets.map(({ subscriptions }) => subscriptions[0]),
        [
          { topic: 'one', qos: 1, nl: false, rap: false, rh: 0 },
          { topic: 'two', qos: 2, nl: true, rap: true, rh: 2 },
          { topic: 'three', qos: 1, nl: false, rap: false, rh: 0 },
          { topic: 'four', qos: 0, nl: false, rap: false, rh: 0 },
        ],
      );
    });

    it('emit each topic as what was said for it', async () => {
      await dynamic();
      nodeRed.send('in', { action: 'subscribe', topic: { topic: 't', datatype: 'buffer' } });
      await broker.when('subscribe');
      give({ payload: '{}' });
      assert.deepEqual((await nodeRed.receivedBy('sink', 1))[0]?.payload, Buffer.from('{}'));
    });

    it('tell what is subscribed to, and leave one, some or all', async () => {
      await dynamic();
      await nodeRed.statusOf('out', /sent/);
      nodeRed.send('in', { action: 'subscribe', topic: ['a', 'b', 'c', 'd'] });
      nodeRed.send('in', { action: 'unsubscribe', topic: 'a' });
      nodeRed.send('in', { action: 'unsubscribe', topic: ['b'] });
      await broker.when('unsubscribe', 2);
      nodeRed.send('in', { action: 'getSubscriptions' });
      const [message] = await nodeRed.receivedBy('sink', 1);
      assert.equal(message?.topic, 'subscriptions');
      const one = { qos: 1, nl: false, rap: false, rh: 0, datatype: 'auto-detect' };
      assert.deepEqual(message?.payload, [
        { topic: 'c', ...one },
        { topic: 'd', ...one },
      ]);
      nodeRed.send('in', { action: 'unsubscribe', topic: true });
      const left = await broker.when('unsubscribe', 4);
      assert.deepEqual(
        left.flatMap(({ unsubscriptions }) => unsubscriptions),
        ['a', 'b', 'c', 'd'],
      );
    });

    it('connect when they are told to, leave, and come back with what they subscribed to', async () => {
      await dynamic({ autoConnect: false });
      await nodeRed.statusOf('in', /closed/);
      nodeRed.send('out', { topic: 't', payload: 'too early' });
      assert.match(errorText((await nodeRed.receivedBy('caught', 1))[0]!), /^LINK_CLOSED/);
      assert.equal(broker.guests.length, 0);
      nodeRed.send('in', { action: 'subscribe', topic: 'a' });
      nodeRed.send('out', { action: 'connect' });
      await broker.when('subscribe');
      nodeRed.send('out', { action: 'disconnect' });
      await broker.when('disconnect');
      await nodeRed.statusOf('in', /closed/);
      nodeRed.send('in', { action: 'connect' });
      await broker.when('subscribe', 2);
    });

    for (const [what, said, found, expected] of [
      ['clientid', { clientid: 'said' }, (c) => c.clientId, 'said'],
      [
        'username and password',
        { username: 'u', password: 'p' },
        (c) => [c.username, c.password?.toString()],
        ['u', 'p'],
      ],
      ['protocolVersion', { protocolVersion: 5 }, (c) => c.protocolVersion, 5],
      ['keepalive', { keepalive: 33 }, (c) => c.keepalive, 33],
      ['cleansession', { clientid: 'x', cleansession: false }, (c) => c.clean, false],
      ['sessionExpiry', { clientid: 'x', sessionExpiry: 44 }, (c) => c.properties?.sessionExpiryInterval, 44],
      ['receiveMaximum', { receiveMaximum: 5 }, (c) => c.properties?.receiveMaximum, 5],
      ['maximumPacketSize', { maximumPacketSize: 999 }, (c) => c.properties?.maximumPacketSize, 999],
      ['topicAliasMaximum', { topicAliasMaximum: 2 }, (c) => c.properties?.topicAliasMaximum, 2],
      ['userProperties', { userProperties: { a: 'b' } }, (c) => ({ ...c.properties?.userProperties }), { a: 'b' }],
      [
        'will',
        { will: { topic: 'w', payload: 'x', qos: 1, retain: true, properties: { willDelayInterval: 3 } } },
        (c) => [c.will?.topic, c.will?.qos, c.will?.retain, c.will?.properties?.willDelayInterval],
        ['w', 1, true, 3],
      ],
    ] as [string, Settings, Found<IConnectPacket>, unknown][]) {
      it(`connect with msg.broker.${what}`, async () => {
        await dynamic({ autoConnect: false });
        nodeRed.send('in', { action: 'connect', broker: said });
        const [connect] = await broker.when('connect');
        assert.deepEqual(found(connect!), expected);
      });
    }

    it('connect to another broker with msg.broker, and with force though they are connected', async () => {
      await using other = await openPacketBroker();
      await dynamic();
      await nodeRed.statusOf('out', /sent/);
      nodeRed.send('in', { action: 'connect', broker: { broker: '127.0.0.1', port: other.port } });
      nodeRed.send('in', {
        action: 'connect',
        broker: { url: other.url, force: true, birth: { topic: 'b', payload: 'x' } },
      });
      await other.when('publish');
      assert.equal(broker.all('disconnect').length, 1);
      await nodeRed.deploy([tab]);
    });

    it('tell what is wrong with a message, and go on', async () => {
      await dynamic();
      const wrong: [FlowMessage, RegExp][] = [
        [{ action: 'dance' }, /^MESSAGE_INVALID: .*msg.action/],
        [{ action: 'subscribe' }, /^MESSAGE_INVALID: .*msg.topic/],
        [{ action: 'subscribe', topic: 'a/#/b' }, /^MESSAGE_INVALID: .*last level/],
        [{ action: 'subscribe', topic: { topic: 'a', qos: 7 } }, /^MESSAGE_INVALID: .*QoS/],
        [{ action: 'subscribe', topic: { topic: 'a', rh: 7 } }, /^MESSAGE_INVALID: .*rh/],
        [{ action: 'subscribe', topic: { topic: 'a', datatype: 'x' } }, /^MESSAGE_INVALID: .*datatype/],
        [{ action: 'acknowledge', acknowledgement: 1 }, /^MESSAGE_INVALID: .*acknowledgement/],
        [{ action: 'connect', broker: { verifyservercert: false } }, /^SETTINGS_INVALID: .*always verified/],
        [{ action: 'connect', broker: { url: 'gopher://x' } }, /^SETTINGS_INVALID: .*gopher/],
        [{ action: 'connect', broker: { keepalive: -1 } }, /^SETTINGS_INVALID: .*keepalive/],
      ];
      for (const [index, [message, line]] of wrong.entries()) {
        nodeRed.send('in', message);
        assert.match(errorText((await nodeRed.receivedBy('caught', index + 1))[index]!), line);
      }
      nodeRed.send('in', { action: 'subscribe', topic: 'fine' });
      await broker.when('subscribe');
    });
  });

  describe('that ask', () => {
    const request = (more: Settings = {}): StoredNode => ({
      id: 'ask',
      type: 'chartwire-mqtt-request',
      z: tab.id,
      link: 'far',
      topic: 'q',
      wires: [['sink']],
      ...more,
    });
    const answer = ({ properties: asked }: IPublishPacket, payload: string): void =>
      give({ topic: asked?.responseTopic ?? '', payload, properties: { correlationData: asked!.correlationData! } });

    it('get the answers to their questions, in whatever order they come', async () => {
      await open({}, request(), sink('sink'));
      for (const question of ['one', 'two']) nodeRed.send('ask', { payload: question, mine: question });
      const [one, two] = await broker.when('publish', 2);
      await broker.when('subscribe');
      answer(two!, 'second');
      answer(one!, 'first');
      answer(one!, 'once more');
      const answers = await nodeRed.receivedBy('sink', 2);
      assert.deepEqual(
        answers.map(({ payload, ['mine']: mine }) => [mine, payload]),
        [
          ['two', 'second'],
          ['one', 'first'],
        ],
      );
    });

    it('fail when no answer comes, and do not take one that comes too late', async () => {
      await open({}, request({ timeoutMs: 30 }), sink('sink'));
      nodeRed.send('ask', { payload: 'anybody?' });
      assert.match(
        errorText((await nodeRed.receivedBy('caught', 1))[0]!),
        /^ANSWER_MISSING: nobody answered what was asked at q/,
      );
      const [first] = await broker.when('publish');
      answer(first!, 'too late');
      // An answer that is too late as well, on a busy machine, is asked for again.
      for (let asked = 2; nodeRed.received('sink').length === 0; asked += 1) {
        nodeRed.send('ask', { payload: 'again?' });
        answer((await broker.when('publish', asked)).at(-1)!, 'yes');
        await Promise.race([nodeRed.receivedBy('sink', 1), nodeRed.receivedBy('caught', asked)]);
      }
      assert.deepEqual(
        (await nodeRed.receivedBy('sink', 1)).map(({ payload }) => payload),
        ['yes'],
      );
    });

    it('say where answers go, and refuse to be too many', async () => {
      await open({}, request({ responseTopic: 'answers/here', maxWaiting: 1 }), sink('sink'));
      for (const question of ['one', 'two']) nodeRed.send('ask', { payload: question });
      assert.match(errorText((await nodeRed.receivedBy('caught', 1))[0]!), /^QUEUE_FULL/);
      const [subscribe] = await broker.when('subscribe');
      assert.equal(subscribe?.subscriptions[0]?.topic, 'answers/here');
      assert.equal(broker.all('publish')[0]?.properties?.responseTopic, 'answers/here');
    });

    it('need MQTT 5', async () => {
      await open({ protocolVersion: '4' }, request(), sink('sink'));
      await nodeRed.statusOf('ask', /^SETTINGS_INVALID: .*MQTT 5/);
    });

    it('ask at the broker of this Chartwire, and are answered by an in and an out node', async () => {
      await open(
        {},
        request({ link: '', topic: 'time/now' }),
        ...into({ link: '', topic: 'time/now', wires: [['set']] }),
        {
          id: 'set',
          type: 'change',
          z: tab.id,
          rules: [
            { t: 'set', p: 'payload', to: 'noon' },
            { t: 'delete', p: 'topic' },
          ],
          wires: [['out']],
        },
        out({ link: '' }),
      );
      await nodeRed.statusOf('in', /direct/);
      nodeRed.send('ask', { payload: 'UTC' });
      assert.equal((await nodeRed.receivedBy('sink', 1))[0]?.payload, 'noon');
    });
  });
});
