import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Packet } from 'mqtt-packet';
import { MqttClient } from '../../../src/endpoints/mqtt/index.ts';
import type { IssuedCertificate } from '../../../src/security/certificates.ts';
import { inbox } from '../../endpoints/mqtt/client/inbox.ts';
import { openPacketBroker, politely } from '../../endpoints/mqtt/client/packet-broker.ts';
import { openMosquitto, type Mosquitto } from '../../support/mosquitto.ts';
import { catching, sink, startNodeRed, tab, type StoredNode, type TestNodeRed } from '../../support/node-red.ts';

const quick = { reconnectFirstMs: 10, reconnectLongestMs: 30 };

/** Defects of the core nodes of Node-RED 5.0.7, each shown at them and then at ours, in one runtime at one broker. */
describe('what the core MQTT nodes do wrong and ours do right', () => {
  let nodeRed: TestNodeRed;
  let mosquitto: Mosquitto;
  let server: IssuedCertificate;
  before(async () => {
    nodeRed = await startNodeRed();
    server = await nodeRed.services.authority.issueServer({ names: ['127.0.0.1'] });
    mosquitto = await openMosquitto(server, ['sys_interval 1']);
  });
  after(async () => {
    await nodeRed.deploy([tab]);
    await nodeRed.stop();
    await mosquitto[Symbol.asyncDispose]();
  });

  const deploy = (...nodes: StoredNode[]): Promise<void> => nodeRed.deploy([tab, ...catching, ...nodes]);
  const coreBroker = (more: object = {}): StoredNode => ({
    id: 'core-broker',
    type: 'mqtt-broker',
    broker: '127.0.0.1',
    port: String(mosquitto.port),
    clientid: '',
    autoConnect: true,
    usetls: false,
    protocolVersion: '4',
    keepalive: '60',
    cleansession: true,
    ...more,
  });
  const link = (more: object = {}): StoredNode => ({
    id: 'our-link',
    type: 'chartwire-mqtt-link',
    url: mosquitto.url,
    protocolVersion: '4',
    ...quick,
    ...more,
  });
  const node = (id: string, type: string, more: object): StoredNode => ({
    id,
    type,
    z: tab.id,
    wires: type.endsWith('in') ? [[`${id}-sink`]] : [],
    ...(type.startsWith('chartwire') ? { link: 'our-link' } : { broker: 'core-broker' }),
    ...more,
  });
  const core = (id: string, type: 'in' | 'out', more: object = {}): StoredNode => node(id, `mqtt ${type}`, more);
  const ours = (id: string, type: 'in' | 'out', more: object = {}): StoredNode =>
    node(id, `chartwire-mqtt-${type}`, more);

  it('D1: what is sent while the broker is away is lost in silence by core, and delivered by ours', async () => {
    const complete = { id: 'completing', type: 'complete', z: tab.id, scope: ['core', 'ours'], wires: [['completed']] };
    await deploy(
      coreBroker(),
      link(),
      core('core', 'out', { qos: '1' }),
      ours('ours', 'out', { qos: '1' }),
      complete,
      sink('completed'),
    );
    await nodeRed.statusOf('core', /(?<!dis)connected$/);
    await nodeRed.statusOf('ours', /sent/);
    const watcher = new MqttClient({ url: mosquitto.url, ...quick }).start();
    const box = inbox(watcher, 'offline/#', { qos: 1 });
    await watcher.ready();
    await mosquitto.kill();
    await nodeRed.statusOf('core', /disconnected|connecting/);
    await nodeRed.statusOf('ours', /FAR_SIDE_GONE/);
    for (let index = 0; index < 5; index += 1) {
      nodeRed.send('core', { topic: 'offline/core', payload: index });
      nodeRed.send('ours', { topic: 'offline/ours', payload: index });
    }
    await mosquitto.start();
    await watcher.ready();
    const done = await nodeRed.receivedBy('completed', 5);
    assert.deepEqual(new Set(done.map(({ topic }) => topic)), new Set(['offline/ours']));
    assert.ok(nodeRed.received('caught').every(({ topic }) => topic !== 'offline/core'));
    // At the latest now core, too, has had its turn.
    await nodeRed.statusOf('core', /(?<!dis)connected$/);
    nodeRed.send('core', { topic: 'offline/core', payload: 'connected again' });
    while (!box.notes.some(({ text }) => text === 'connected again')) await new Promise(setImmediate);
    assert.deepEqual(
      box.notes.filter(({ topic }) => topic === 'offline/core').map(({ text }) => text),
      ['connected again'],
    );
    await watcher.close();
  });

  it('D2: the broker is told that a message was taken over before the flow has dealt with it by core, after it by ours', async () => {
    await using broker = await openPacketBroker(politely(), 4);
    const wait = {
      type: 'function',
      z: tab.id,
      func: 'if (msg.goOn) context.get("goOn")();\nelse context.set("goOn", () => { node.send(msg); node.done(); });',
      outputs: 1,
    };
    const complete = { id: 'completing', type: 'complete', z: tab.id, scope: ['work'], wires: [['back']] };
    const back = {
      id: 'back',
      type: 'change',
      z: tab.id,
      rules: [{ t: 'set', p: 'action', pt: 'msg', to: 'acknowledge', tot: 'str' }],
      wires: [['ours']],
    };
    await deploy(
      coreBroker({ port: String(broker.port), clientid: 'core' }),
      link({ url: broker.url, clientId: 'ours' }),
      core('core', 'in', { topic: 'work', qos: '1', wires: [['core-work']] }),
      { id: 'core-work', ...wait, wires: [['core-end']] },
      sink('core-end'),
      ours('ours', 'in', { topic: 'work', qos: '1', acknowledge: 'message', wires: [['work']] }),
      { id: 'work', ...wait, wires: [['end']] },
      sink('end'),
      complete,
      back,
    );
    await broker.when('subscribe', 2);
    const order: string[] = [];
    const clients = broker.all('connect').map(({ clientId }) => clientId);
    for (const [index, guest] of broker.guests.entries()) {
      guest.socket.on('data', (chunk: Buffer) => {
        if (chunk[0] === 0x40) order.push(`${clients[index]} acknowledged, ${ended(clients[index]!)} through`);
      });
      guest.send({
        cmd: 'publish',
        topic: 'work',
        payload: 'x',
        qos: 1,
        dup: false,
        retain: false,
        messageId: 1,
      } satisfies Packet);
    }
    const ended = (client: string): number => nodeRed.received(client === 'core' ? 'core-end' : 'end').length;
    await broker.when('puback');
    for (const id of ['core-work', 'work']) {
      await nodeRed.receivedBy(id, 1);
      nodeRed.send(id, { goOn: true });
    }
    await broker.when('puback', 2);
    assert.deepEqual(order.toSorted(), ['core acknowledged, 0 through', 'ours acknowledged, 1 through']);
  });

  it('ours acknowledges many at once while the flow publishes over the same connection', async () => {
    await using broker = await openPacketBroker(politely(), 5);
    await deploy(
      link({ url: broker.url, clientId: 'ours', protocolVersion: '5', receiveMaximum: 5 }),
      ours('ours', 'in', { topic: 'work', qos: '1', acknowledge: 'message', wires: [['out']] }),
      ours('out', 'out', { topic: 'done', qos: '1' }),
      { id: 'completing', type: 'complete', z: tab.id, scope: ['out'], wires: [['back']] },
      {
        id: 'back',
        type: 'change',
        z: tab.id,
        rules: [{ t: 'set', p: 'action', pt: 'msg', to: 'acknowledge', tot: 'str' }],
        wires: [['ours']],
      },
    );
    const [connect] = await broker.when('connect');
    assert.equal(connect?.properties?.receiveMaximum, 5);
    await broker.when('subscribe');
    for (const messageId of [1, 2, 3, 4, 5]) {
      const payload = String(messageId);
      broker.guests[0]?.send({ cmd: 'publish', topic: 'work', payload, qos: 1, dup: false, retain: false, messageId });
    }
    const published = await broker.when('publish', 5);
    assert.deepEqual(
      published.map(({ topic, payload }) => [topic || 'done', payload.toString()]),
      ['1', '2', '3', '4', '5'].map((payload) => ['done', payload]),
    );
    const acknowledged = await broker.when('puback', 5);
    assert.deepEqual(
      acknowledged.map(({ messageId }) => messageId),
      [1, 2, 3, 4, 5],
    );
    // None of them was told before its own message had been taken over.
    const order = broker.packets.map(({ cmd }) => cmd).filter((cmd) => cmd === 'publish' || cmd === 'puback');
    assert.equal(order[0], 'publish');
  });

  it('D3: + does not match an empty level, and # matches $ topics, at core; at ours as the standard says', async () => {
    const filters = { plus: 'a/+/b', hash: '#', system: '$SYS/broker/version' };
    const ins = Object.entries(filters).flatMap(([name, topic]) => [
      core(`core-${name}`, 'in', { topic, qos: '0', datatype: 'utf8' }),
      sink(`core-${name}-sink`),
      ours(`ours-${name}`, 'in', { topic, qos: '0', datatype: 'utf8' }),
      sink(`ours-${name}-sink`),
    ]);
    await deploy(coreBroker(), link(), ...ins, ours('out', 'out'));
    for (const name of Object.keys(filters)) {
      await nodeRed.statusOf(`core-${name}`, /(?<!dis)connected$/);
      await nodeRed.statusOf(`ours-${name}`, /sent|received/);
    }
    nodeRed.send('out', { topic: 'a//b', payload: 'empty level' });
    nodeRed.send('out', { topic: 'a/x/b', payload: 'last' });
    const textsAt = (id: string): string[] => nodeRed.received(`${id}-sink`).map(({ payload }) => String(payload));
    for (const id of ['core-plus', 'ours-plus', 'core-hash', 'ours-hash']) {
      while (!textsAt(id).includes('last')) await new Promise(setImmediate);
    }
    await nodeRed.receivedBy('core-system-sink', 1);
    await nodeRed.receivedBy('ours-system-sink', 1);
    assert.deepEqual([textsAt('core-plus'), textsAt('ours-plus')], [['last'], ['empty level', 'last']]);
    const isSystem = (text: string): boolean => text.startsWith('mosquitto version');
    assert.deepEqual([textsAt('core-hash').some(isSystem), textsAt('ours-hash').some(isSystem)], [true, false]);
  });

  it('D4: with "use TLS" and no further setting core speaks to anybody; ours to nobody it cannot verify', async () => {
    const port = new URL(mosquitto.secureUrl).port;
    await deploy(
      coreBroker({ port, usetls: true, tls: '' }),
      link({ url: mosquitto.secureUrl }),
      core('core', 'out', { topic: 't' }),
      ours('ours', 'out', { topic: 't' }),
    );
    await nodeRed.statusOf('core', /(?<!dis)connected$/);
    await nodeRed.statusOf('ours', /^FAR_SIDE_UNTRUSTED/);
  });

  it('D12: the editor drops the response topic of a birth message without user properties at core; ours sends it', async () => {
    const file = createRequire(import.meta.url).resolve('@node-red/nodes/core/network/10-mqtt.html');
    const source = /function saveV5Message\(section\) \{[\s\S]*?return msg;\s*\}/.exec(
      await readFile(file, 'utf8'),
    )?.[0];
    assert.ok(source !== undefined);
    const inputs: Record<string, string> = { 'birth-respTopic': 'answers', birthTopic: 'birth' };
    const form = (selector: string): object => ({
      val: () => inputs[selector.replace('#node-config-input-', '')] ?? '',
      typedInput: () => 'none',
    });
    // oxlint-disable-next-line no-implied-eval -- the function of the core editor, as it is
    const saved: unknown = new Function('$', `${source}; return saveV5Message('birth');`)(form);
    assert.deepEqual(saved, {});

    await using broker = await openPacketBroker();
    await deploy(
      link({ url: broker.url, protocolVersion: '5', birthTopic: 'birth', birthResponseTopic: 'answers' }),
      ours('ours', 'out'),
    );
    const [birth] = await broker.when('publish');
    assert.deepEqual([birth?.topic, birth?.properties?.responseTopic], ['birth', 'answers']);
  });
});
