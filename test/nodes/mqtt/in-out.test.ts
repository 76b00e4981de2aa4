import assert from 'node:assert/strict';
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

const mqttIn = (id: string, more: Settings): StoredNode[] => [
  { id, type: 'chartwire-mqtt-in', z: tab.id, wires: [[`${id}-sink`]], ...more },
  sink(`${id}-sink`),
];
const mqttOut = (id: string, more: Settings = {}): StoredNode => ({
  id,
  type: 'chartwire-mqtt-out',
  z: tab.id,
  wires: [],
  ...more,
});

describe('mqtt in and out', () => {
  let nodeRed: TestNodeRed;
  before(async () => {
    nodeRed = await startNodeRed();
  });
  after(async () => {
    await nodeRed.stop();
  });
  const deploy = (...nodes: StoredNode[]): Promise<void> => nodeRed.deploy([tab, ...catching, ...nodes]);
  const up = async (...ids: string[]): Promise<void> => {
    for (const id of ids) await nodeRed.statusOf(id, /sent|received/);
  };
  const told = async (id: string, line: RegExp): Promise<void> => {
    assert.equal((await nodeRed.statusOf(id, line)).fill, 'red');
    const caught = errorText((await nodeRed.receivedBy('caught', 1))[0]!);
    assert.match(caught, line);
    assert.match(caught, /; ./, 'Catch gets what to do, too');
  };

  it('meet at the broker of this Chartwire when no link is chosen', async () => {
    await deploy(...mqttIn('in', { topic: 'rooms/+/light' }), mqttOut('out'));
    await up('in', 'out');
    nodeRed.send('out', { topic: 'rooms/1/heat', payload: 'not this' });
    nodeRed.send('out', { topic: 'rooms/2/light', payload: { on: true }, userProperties: { by: 'hand' } });
    const [message] = await nodeRed.receivedBy('in-sink', 1);
    assert.deepEqual(
      [message?.topic, message?.payload, message?.contentType],
      ['rooms/2/light', { on: true }, 'application/json'],
    );
    assert.deepEqual(message?.userProperties, { by: 'hand' });
  });

  it('give every flow bytes of its own: what one does to them the others and the broker do not see', async () => {
    for (const size of [10, 20_000, 100_000]) {
      const topic = `own/${size}`;
      await deploy(
        ...mqttIn('one', { topic, datatype: 'buffer' }),
        ...mqttIn('two', { topic, datatype: 'buffer' }),
        mqttOut('out', { topic, retain: 'yes' }),
      );
      await up('one', 'two', 'out');
      nodeRed.send('out', { payload: Buffer.alloc(size, 1) });
      const [first] = await nodeRed.receivedBy('one-sink', 1);
      assert.ok(first?.payload instanceof Buffer);
      first.payload.fill(9);
      const [second] = await nodeRed.receivedBy('two-sink', 1);
      assert.ok(second?.payload instanceof Buffer && second.payload.equals(Buffer.alloc(size, 1)));
      await deploy(...mqttIn('late', { topic, datatype: 'buffer' }));
      const [retained] = await nodeRed.receivedBy('late-sink', 1);
      assert.ok(retained?.payload instanceof Buffer && retained.payload.equals(Buffer.alloc(size, 1)));
    }
  });

  for (const [way, clientId, connections] of [
    ['directly', '', 0],
    ['over one connection', 'overlap', 1],
  ] as const) {
    it(`give a message once to each, also when topic filters overlap, ${way}`, async () => {
      const link = { id: 'broker', type: 'chartwire-mqtt-link', clientId };
      await deploy(
        link,
        ...mqttIn('in-all', { link: 'broker', topic: 'over/#' }),
        ...mqttIn('in-one', { link: 'broker', topic: 'over/lap' }),
        ...mqttIn('in-same', { link: 'broker', topic: 'over/lap' }),
        mqttOut('out', { link: 'broker' }),
        mqttOut('out-2', { link: 'broker' }),
      );
      await up('in-all', 'in-one', 'in-same', 'out', 'out-2');
      assert.equal(nodeRed.services.broker.clients.size, connections);
      nodeRed.send('out', { topic: 'over/lap', payload: 1 });
      nodeRed.send('out-2', { topic: 'over/lap', payload: 2 });
      nodeRed.send('out', { topic: 'over/end', payload: 3 });
      const payloads = async (id: string, count: number): Promise<number[]> =>
        (await nodeRed.receivedBy(id, count)).map(({ payload }) => Number(payload)).toSorted((a, b) => a - b);
      assert.deepEqual(await payloads('in-all-sink', 3), [1, 2, 3]);
      assert.deepEqual(await payloads('in-one-sink', 2), [1, 2]);
      assert.deepEqual(await payloads('in-same-sink', 2), [1, 2]);
    });
  }

  it('keep what is retained, as the setting or the message says', async () => {
    await deploy(mqttOut('out'), mqttOut('out-yes', { retain: 'yes', qos: '2' }));
    await up('out', 'out-yes');
    const complete = {
      id: 'completing',
      type: 'complete',
      z: tab.id,
      scope: ['out', 'out-yes'],
      wires: [['completed']],
    };
    await deploy(mqttOut('out'), mqttOut('out-yes', { retain: 'yes', qos: '2' }), complete, sink('completed'));
    nodeRed.send('out', { topic: 'kept/by-message', payload: 1, retain: true, qos: 2 });
    nodeRed.send('out', { topic: 'kept/not', payload: 2 });
    nodeRed.send('out-yes', { topic: 'kept/by-setting', payload: 3, retain: false });
    await nodeRed.receivedBy('completed', 3);
    await deploy(...mqttIn('in', { topic: 'kept/#' }), mqttOut('out'));
    await up('in', 'out');
    nodeRed.send('out', { topic: 'kept/end', payload: 4 });
    const messages = await nodeRed.receivedBy('in-sink', 3);
    assert.deepEqual(
      new Set(messages.map(({ topic }) => topic)),
      new Set(['kept/by-message', 'kept/by-setting', 'kept/end']),
    );
  });

  it('share a topic filter with others: each message goes to one of them', async () => {
    const link = { id: 'broker', type: 'chartwire-mqtt-link' };
    const shared = { topic: '$share/group/work/#' };
    await deploy(link, ...mqttIn('in', { ...shared, link: 'broker' }), ...mqttIn('in-2', shared), mqttOut('out'));
    await up('in', 'in-2', 'out');
    for (let index = 0; index < 10; index += 1) nodeRed.send('out', { topic: 'work/1', payload: index });
    const all = (): unknown[] => ['in-sink', 'in-2-sink'].flatMap((id) => nodeRed.received(id).map((m) => m.payload));
    while (all().length < 10) await new Promise(setImmediate);
    assert.deepEqual(
      all().toSorted((one, other) => Number(one) - Number(other)),
      Array.from({ length: 10 }, (_, index) => index),
    );
  });

  it('refuse a wrong QoS, topic or property of a message, and go on', async () => {
    await deploy(...mqttIn('in', { topic: 'right/#' }), mqttOut('out'));
    await up('in', 'out');
    nodeRed.send('out', { topic: 'right/1', payload: 1, qos: 3 });
    nodeRed.send('out', { topic: 'wrong/#', payload: 2 });
    nodeRed.send('out', { payload: 3 });
    nodeRed.send('out', { topic: 'right/1', payload: 3, contentType: 'a\0' });
    nodeRed.send('out', { topic: 'right/1', payload: 3, responseTopic: 'a/#' });
    nodeRed.send('out', { topic: 'right/1', payload: 3, userProperties: { a: '\0' } });
    const caught = await nodeRed.receivedBy('caught', 6);
    for (const message of caught) assert.match(errorText(message), /^MESSAGE_INVALID: /);
    nodeRed.send('out', { topic: 'right/2', payload: 4 });
    assert.equal((await nodeRed.receivedBy('in-sink', 1))[0]?.payload, 4);
  });

  it('turn red when the broker does not trust us with a topic', async () => {
    const { authority, door } = nodeRed.services;
    const guest = await authority.issueClient({ commonName: 'guest' });
    const link = {
      id: 'broker',
      type: 'chartwire-mqtt-link',
      url: `mqtts://127.0.0.1:${door.port}`,
      ca: authority.ca,
      // A form's input of one line drops the ends of the lines.
      credentials: { cert: guest.cert.replaceAll('\n', ''), key: guest.key.replaceAll('\n', '') },
    };
    await deploy(link, ...mqttIn('in', { link: 'broker', topic: 'chartwire/#' }), mqttOut('out', { link: 'broker' }));
    await told('in', /^LINK_REFUSED: .+/);
    await up('out');
  });

  it('turn red when a setting is wrong or a key cannot be read', async () => {
    await deploy(...mqttIn('in', { topic: '' }));
    await told('in', /^SETTINGS_INVALID: .*Topic filter must not be empty/);
    await deploy(...mqttIn('in', { topic: 'a/#/b' }));
    await told('in', /^SETTINGS_INVALID: .*Topic filter/);
    const link = { id: 'broker', type: 'chartwire-mqtt-link', credentials: { cert: 'no PEM', key: 'no PEM' } };
    await deploy(link, mqttOut('out', { link: 'broker' }));
    await told('out', /^SETTINGS_INVALID: .*cannot be read/);
    await deploy({ ...link, sessionExpirySeconds: 60, credentials: {} }, mqttOut('out', { link: 'broker' }));
    await told('out', /^SETTINGS_INVALID: .*needs a client id/);
  });

  it('tell when the broker goes away, and go on when it is back', async () => {
    const link = { id: 'station', type: 'chartwire-mqtt-link', clientId: 'by-socket' };
    await deploy(link, ...mqttIn('in', { link: 'station', topic: 'back/#' }), mqttOut('out', { link: 'station' }));
    await up('in', 'out');
    const { door } = nodeRed.services;
    door.setOpen('mqtt', false);
    await told('in', /^(FAR_SIDE_GONE|LINK_REFUSED|PROTOCOL_SHUT): /);
    door.setOpen('mqtt', true);
    await up('in', 'out');
    nodeRed.send('out', { topic: 'back/again', payload: 1 });
    assert.equal((await nodeRed.receivedBy('in-sink', 1))[0]?.topic, 'back/again');
  });

  it('get what was missed while away, when the session is kept, and leave no subscription when they are removed', async () => {
    const link = { id: 'station', type: 'chartwire-mqtt-link', clientId: 'plant', sessionExpirySeconds: 60 };
    await deploy(link, ...mqttIn('in', { link: 'station', topic: 'missed/#' }), mqttOut('out'));
    await up('in');
    nodeRed.send('in', { action: 'disconnect' });
    await nodeRed.statusOf('in', /closed/);
    nodeRed.send('out', { topic: 'missed/1', payload: 'kept for you' });
    nodeRed.send('in', { action: 'connect' });
    assert.equal((await nodeRed.receivedBy('in-sink', 1))[0]?.payload, 'kept for you');
    await deploy(link, mqttOut('out', { link: 'station' }));
    const session = [...nodeRed.services.broker.sessions()].find(({ clientId }) => clientId === 'plant');
    assert.deepEqual(session?.filters, []);
  });
});
