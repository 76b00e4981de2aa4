import assert from 'node:assert/strict';
import type { IConnectPacket } from 'mqtt-packet';
import { MqttClient, type MqttClientSettings } from '../../../../src/endpoints/mqtt/index.ts';
import { isFault } from '../../../../src/fault.ts';
import type { LinkState } from '../../../../src/endpoint/link-state.ts';
import { inbox, publish } from './inbox.ts';
import { openPacketBroker, politely, type PacketBroker } from './packet-broker.ts';

const quick = { reconnectFirstMs: 5, reconnectLongestMs: 10 };
const will = { topic: 'w', payload: Buffer.from('lost'), qos: 1, retain: true } as const;

/** Each setting of a client, and what of it an independent parser finds in the CONNECT. */
const OPTIONS: [string, Partial<MqttClientSettings>, (connect: IConnectPacket) => unknown, unknown][] = [
  ['MQTT 5 when nothing is said', {}, (c) => c.protocolVersion, 5],
  ['MQTT 3.1.1', { level: 4 }, (c) => [c.protocolId, c.protocolVersion], ['MQTT', 4]],
  ['MQTT 3.1', { level: 3 }, (c) => [c.protocolId, c.protocolVersion], ['MQIsdp', 3]],
  ['the client id', { clientId: 'plant 7' }, (c) => c.clientId, 'plant 7'],
  ['a random client id', {}, (c) => /^chartwire-[0-9a-f]{12}$/.test(c.clientId), true],
  ['a clean start when no session is to be kept', {}, (c) => c.clean, true],
  ['no clean start when one is', { sessionExpirySeconds: 60 }, (c) => c.clean, false],
  ['a clean start that is asked for', { sessionExpirySeconds: 60, cleanStart: true }, (c) => c.clean, true],
  ['a clean session', { level: 4 }, (c) => c.clean, true],
  ['a session that is kept before MQTT 5', { level: 4, sessionExpirySeconds: 1 }, (c) => c.clean, false],
  ['the session expiry', { sessionExpirySeconds: 77 }, (c) => c.properties?.sessionExpiryInterval, 77],
  ['the keep alive', { keepAliveMs: 30_000 }, (c) => c.keepalive, 20],
  ['the user', { username: 'u' }, (c) => c.username, 'u'],
  ['the password', { username: 'u', password: 'p' }, (c) => c.password?.toString(), 'p'],
  ['a password of bytes', { username: 'u', password: Buffer.from([0, 255]) }, (c) => c.password, Buffer.from([0, 255])],
  ['the receive maximum', { receiveMaximum: 7 }, (c) => c.properties?.receiveMaximum, 7],
  ['the receive maximum of the limits', { maxInFlight: 9 }, (c) => c.properties?.receiveMaximum, 9],
  ['the maximum packet size', { maximumPacketSize: 5000 }, (c) => c.properties?.maximumPacketSize, 5000],
  ['that of the limits', { maxPayloadBytes: 1000 }, (c) => c.properties?.maximumPacketSize, 66_536],
  ['the topic alias maximum', { topicAliasMaximum: 5 }, (c) => c.properties?.topicAliasMaximum, 5],
  ['the wish for response information', {}, (c) => c.properties?.requestResponseInformation, true],
  ['no such wish', { requestResponseInformation: false }, (c) => c.properties?.requestResponseInformation, false],
  ['the wish for problem information', {}, (c) => c.properties?.requestProblemInformation, true],
  ['no such wish, either', { requestProblemInformation: false }, (c) => c.properties?.requestProblemInformation, false],
  [
    'user properties, one name twice',
    {
      userProperties: [
        ['a', '1'],
        ['a', '2'],
      ],
    },
    (c) => ({ ...c.properties?.userProperties }),
    { a: ['1', '2'] },
  ],
  [
    'the will',
    { will: { ...will, properties: {} } },
    (c) => [c.will?.topic, c.will?.payload.toString(), c.will?.qos, c.will?.retain],
    ['w', 'lost', 1, true],
  ],
  ...(
    [
      ['willDelayInterval', 5],
      ['messageExpiryInterval', 6],
      ['contentType', 'text/plain'],
      ['responseTopic', 'r'],
      ['correlationData', Buffer.from('c')],
      ['payloadFormatIndicator', true],
    ] as const
  ).map(([name, value]): (typeof OPTIONS)[number] => [
    `the will's ${name}`,
    { will: { ...will, properties: { [name]: value } } },
    (c) => c.will?.properties?.[name],
    value,
  ]),
  [
    "the will's user properties",
    { will: { ...will, properties: { userProperties: [['a', 'b']] } } },
    (c) => ({ ...c.will?.properties?.userProperties }),
    { a: 'b' },
  ],
  [
    'the authentication method and its first data',
    { authentication: { method: 'TEST', data: Buffer.from('hello') } },
    (c) => [c.properties?.authenticationMethod, c.properties?.authenticationData],
    ['TEST', Buffer.from('hello')],
  ],
];

describe('the MQTT client connects', () => {
  let broker: PacketBroker;
  let client: MqttClient;
  const open = async (
    settings: Partial<MqttClientSettings> = {},
    answer?: Parameters<typeof openPacketBroker>[0],
  ): Promise<void> => {
    broker = await openPacketBroker(answer, settings.level);
    client = new MqttClient({ url: broker.url, ...quick, ...settings });
  };
  const stateOf = (name: LinkState['name']): Promise<LinkState> =>
    new Promise((resolve) => {
      const look = (state: LinkState): void => {
        if (state.name === name) resolve(state);
      };
      client.onState(look);
      look(client.state);
    });
  const causeOf = async (): Promise<string> => {
    const state = await stateOf('waiting');
    assert.ok(state.name === 'waiting' && isFault(state.cause));
    return `${state.cause.code} ${state.cause.message}`;
  };
  afterEach(async () => {
    await client.close();
    await broker[Symbol.asyncDispose]();
  });

  for (const [what, settings, found, expected] of OPTIONS) {
    it(`and says ${what}`, async () => {
      await open(settings);
      client.start();
      const [connect] = await broker.when('connect');
      assert.deepEqual(found(connect!), expected);
    });
  }

  it('and keeps what the broker said', async () => {
    const said = {
      assignedClientIdentifier: 'given',
      serverKeepAlive: 100,
      maximumQoS: 1,
      retainAvailable: false,
      receiveMaximum: 3,
      maximumPacketSize: 500,
      topicAliasMaximum: 2,
      wildcardSubscriptionAvailable: false,
      subscriptionIdentifiersAvailable: false,
      sharedSubscriptionAvailable: false,
      responseInformation: 'answers/7',
      reasonString: 'welcome',
      sessionExpiryInterval: 9,
    };
    await open({}, politely({ properties: said }));
    await client.start().ready();
    const { maximumQoS, ...others } = said;
    assert.deepEqual(client.properties, { ...others, maximumQos: maximumQoS });
  });

  for (const [code, level, text] of [
    [0x87, 5, /^LINK_REFUSED .*Not authorized \(135\)/],
    [0x8a, 5, /^LINK_REFUSED .*Banned/],
    [5, 4, /^LINK_REFUSED .*Not authorized/],
    [4, 3, /^LINK_REFUSED .*Bad user name or password/],
    [1, 4, /^LINK_REFUSED .*Unsupported protocol version/],
  ] as const) {
    it(`or says why not: code ${code} at level ${level}`, async () => {
      await open({ level }, politely({ reasonCode: code, returnCode: code }));
      client.start();
      assert.match(await causeOf(), text);
    });
  }

  it('with the id it was given again after an outage', async () => {
    await open({ clientId: '' }, politely({ properties: { assignedClientIdentifier: 'given' } }));
    await client.start().ready();
    broker.guests[0]!.socket.destroy();
    const connects = await broker.when('connect', 2);
    assert.deepEqual(
      connects.map(({ clientId }) => clientId),
      ['', 'given'],
    );
  });

  it('and forgets an old session once, not after each outage', async () => {
    await open({ sessionExpirySeconds: 60, cleanStart: true });
    await client.start().ready();
    broker.guests[0]!.socket.destroy();
    const connects = await broker.when('connect', 2);
    assert.deepEqual(
      connects.map(({ clean }) => clean),
      [true, false],
    );
  });

  it('and pings as often as the broker wants', async () => {
    await open({}, politely({ properties: { serverKeepAlive: 1 } }));
    await client.start().ready();
    await broker.when('pingreq', 2);
    assert.equal(client.state.name, 'up');
  });

  it('and finds out when nobody answers any more, though it goes on writing', async () => {
    let mute = false;
    const answer = politely({ properties: { serverKeepAlive: 1 } });
    await open({}, (packet, guest, count) => {
      if (!mute) answer(packet, guest, count);
    });
    await client.start().ready();
    mute = true;
    const writing = setInterval(() => client.publish('t', Buffer.from('x')), 20);
    const cause = await causeOf();
    clearInterval(writing);
    mute = false;
    assert.match(cause, /^FAR_SIDE_GONE/);
  });

  it('and answers challenges', async () => {
    const polite = politely();
    await open(
      {
        authentication: {
          method: 'TEST',
          data: Buffer.from('first'),
          answer: async (challenge) => Buffer.from(`answer to ${Buffer.from(challenge).toString()}`),
          verify: (last) => assert.equal(Buffer.from(last ?? []).toString(), 'proof'),
        },
      },
      (packet, guest, count) => {
        if (packet.cmd === 'connect') {
          const properties = { authenticationMethod: 'TEST', authenticationData: Buffer.from('riddle') };
          guest.send({ cmd: 'auth', reasonCode: 0x18, properties } as never);
        } else if (packet.cmd === 'auth') {
          const properties = { authenticationMethod: 'TEST', authenticationData: Buffer.from('proof') };
          guest.send({ cmd: 'connack', sessionPresent: false, reasonCode: 0, properties });
        } else polite(packet, guest, count);
      },
    );
    await client.start().ready();
    const [auth] = broker.all('auth');
    assert.deepEqual([auth?.reasonCode, auth?.properties?.authenticationData?.toString()], [0x18, 'answer to riddle']);
    client.reauthenticate();
    const [, again] = await broker.when('auth', 2);
    assert.deepEqual([again?.reasonCode, again?.properties?.authenticationData?.toString()], [0x19, 'first']);
  });

  it('but not to a broker that does not prove who it is', async () => {
    const verify = (): void => {
      throw new Error('wrong proof');
    };
    await open({ authentication: { method: 'TEST', verify } });
    client.start();
    assert.match(await causeOf(), /^LINK_REFUSED .*wrong proof/);
  });

  for (const [how, code] of [
    ['in its CONNACK', 0x9c],
    ['in a DISCONNECT', 0x9d],
  ] as const) {
    it(`and goes where the broker sends it, ${how}, when that is allowed`, async () => {
      await using other = await openPacketBroker();
      const properties = { serverReference: `127.0.0.1:${other.port}` };
      const polite = politely();
      const answer: Parameters<typeof openPacketBroker>[0] = (packet, guest, count) => {
        if (packet.cmd !== 'connect') return;
        if (code === 0x9c) guest.send({ cmd: 'connack', sessionPresent: false, reasonCode: code, properties });
        else {
          polite(packet, guest, count);
          guest.send({ cmd: 'disconnect', reasonCode: code, properties });
        }
      };
      await open({ followRedirects: true }, answer);
      client.start();
      await other.when('connect');
      await stateOf('up');
      assert.equal(client.url, other.url);
      await client.close();
    });
  }

  it('and comes back when the broker it was sent to is gone for good', async () => {
    const other = await openPacketBroker();
    let moved = true;
    const polite = politely();
    const properties = { serverReference: `127.0.0.1:${other.port}` };
    await open({ followRedirects: true }, (packet, guest, count) => {
      if (packet.cmd !== 'connect' || !moved) polite(packet, guest, count);
      else guest.send({ cmd: 'connack', sessionPresent: false, reasonCode: 0x9c, properties });
    });
    client.start();
    await other.when('connect');
    await stateOf('up');
    moved = false;
    await other[Symbol.asyncDispose]();
    await broker.when('connect', 2);
    await stateOf('up');
    assert.equal(client.url, broker.url);
  });

  it('and goes on following when the broker it is sent to was away for long', async () => {
    const away = await openPacketBroker();
    const { port } = away;
    await away[Symbol.asyncDispose]();
    const properties = { serverReference: `127.0.0.1:${port}` };
    await open({ followRedirects: true }, politely({ reasonCode: 0x9c, properties }));
    client.start();
    const addresses: string[] = [];
    client.onState(({ name }) => name === 'connecting' && addresses.push(client.url));
    await broker.when('connect', 8);
    const elsewhere = addresses.filter((url) => url.endsWith(`:${port}`));
    assert.ok(elsewhere.length >= 7, addresses.join(' '));
  });

  it('and stays when that is not allowed', async () => {
    const properties = { serverReference: '127.0.0.1:1' };
    await open({}, politely({ reasonCode: 0x9c, properties }));
    client.start();
    assert.match(await causeOf(), /^LINK_REFUSED .*Use another server/);
    await broker.when('connect', 2);
    assert.equal(client.url, broker.url);
  });

  it('and says birth and farewell', async () => {
    const message = { payload: Buffer.from('text'), qos: 1, retain: true } as const;
    await open({ birth: { topic: 'birth', ...message }, farewell: { topic: 'farewell', ...message } });
    await client.start().ready();
    await broker.when('publish');
    await client.close();
    await broker.when('disconnect');
    assert.deepEqual(
      broker.all('publish').map(({ topic, payload, qos, retain }) => [topic, payload.toString(), qos, retain]),
      [
        ['birth', 'text', 1, true],
        ['farewell', 'text', 1, true],
      ],
    );
  });

  it('and refuses what the broker cannot do, without sending it', async () => {
    const properties = {
      maximumQoS: 1,
      retainAvailable: false,
      sharedSubscriptionAvailable: false,
      wildcardSubscriptionAvailable: false,
    };
    await open({}, politely({ properties }));
    await client.start().ready();
    const codeOf = (error: unknown): unknown => (isFault(error) ? error.code : error);
    for (const options of [{ qos: 2 }, { retain: true }] as const) {
      await assert.rejects(publish(client, 't', 'x', options), (error) => codeOf(error) === 'FAR_SIDE_REFUSED');
    }
    for (const filter of ['$share/g/t', 'a/#', 'a/+']) {
      assert.equal(codeOf(await inbox(client, filter).held), 'LINK_REFUSED', filter);
    }
    assert.equal(await inbox(client, 'plain').held, undefined);
    assert.deepEqual(
      broker.all('subscribe').map(({ subscriptions }) => subscriptions[0]?.topic),
      ['plain'],
    );
  });
});
