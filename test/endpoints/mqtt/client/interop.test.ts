import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { MqttClient, type MqttClientSettings } from '../../../../src/endpoints/mqtt/index.ts';
import { openMosquitto, type Mosquitto } from '../../../support/mosquitto.ts';
import { openIdentities, type Identities } from '../world.ts';
import { inbox, publish } from './inbox.ts';

const LEVELS = [
  [3, 'MQTT 3.1'],
  [4, 'MQTT 3.1.1'],
  [5, 'MQTT 5'],
] as const;
const quick = { reconnectFirstMs: 10, reconnectLongestMs: 30 };

describe('the MQTT client and mosquitto', () => {
  let identities: Identities;
  let mosquitto: Mosquitto;
  let relay: Server;
  const open = new Set<MqttClient>();

  before(async () => {
    identities = await openIdentities();
    mosquitto = await openMosquitto(identities.server);
    relay = webSocketRelay(() => mosquitto.port);
    relay.listen(0, '127.0.0.1');
    await once(relay, 'listening');
  });
  after(async () => {
    relay.close();
    await mosquitto[Symbol.asyncDispose]();
    await identities.close();
  });
  afterEach(async () => {
    await Promise.all([...open].map((client) => client.close()));
    open.clear();
  });

  const client = (settings: Partial<MqttClientSettings> = {}): MqttClient => {
    const made = new MqttClient({ url: mosquitto.url, ...quick, ...settings });
    open.add(made);
    return made;
  };
  const ways: Record<string, () => Partial<MqttClientSettings>> = {
    TCP: () => ({}),
    TLS: () => ({ url: mosquitto.secureUrl, tls: { ca: identities.authority.ca } }),
    WebSocket: () => ({ url: `ws://127.0.0.1:${(relay.address() as AddressInfo).port}/mqtt` }),
  };

  for (const [level, name] of LEVELS) {
    for (const [way, settings] of Object.entries(ways)) {
      for (const qos of [0, 1, 2] as const) {
        it(`${name} over ${way}: 300 messages of QoS ${qos}, each once and in order`, async () => {
          const receiver = client({ level, ...settings() });
          const box = inbox(receiver, 'interop/+', { qos });
          const sender = client({ level, ...settings() }).start();
          await Promise.all([receiver.start().ready(), sender.ready(), box.held]);
          const texts = Array.from({ length: 300 }, (_, index) => `message ${index}`);
          await Promise.all(texts.map((text) => publish(sender, 'interop/topic', text, { qos })));
          assert.deepEqual(await box.texts(300), texts);
          assert.ok(box.notes.every((note) => note.qos === qos && note.topic === 'interop/topic'));
        });
      }
    }

    it(`${name}: large and empty payloads`, async () => {
      const one = client({ level });
      const box = inbox(one, 'size', { qos: 1 });
      await one.start().ready();
      await box.held;
      for (const bytes of [0, 1, 20_000, 200_000]) await publish(one, 'size', 'x'.repeat(bytes), { qos: 1 });
      const texts = await box.texts(4);
      assert.deepEqual(
        texts.map(({ length }) => length),
        [0, 1, 20_000, 200_000],
      );
    });

    it(`${name}: a retained message, until an empty one takes its place`, async () => {
      const one = client({ level }).start();
      await one.ready();
      await publish(one, `kept/${level}`, 'last', { qos: 1, retain: true });
      const box = inbox(one, `kept/${level}`, { qos: 1 });
      assert.deepEqual(await box.texts(1), ['last']);
      assert.equal(box.notes[0]?.retain, true);
      await publish(one, `kept/${level}`, '', { qos: 1, retain: true });
      await box.texts(2);
      await box.end();
      const after = inbox(one, `kept/${level}`, { qos: 1 });
      await after.held;
      await publish(one, `kept/${level}`, 'new', { qos: 1 });
      assert.deepEqual(await after.texts(1), ['new']);
    });

    it(`${name}: a will, when the client is lost and not when it leaves`, async () => {
      const watcher = client({ level });
      const box = inbox(watcher, 'will/#', { qos: 1 });
      await watcher.start().ready();
      await box.held;
      const will = (topic: string) =>
        ({ topic, payload: Buffer.from('lost'), qos: 1, retain: false, properties: {} }) as const;
      const leaving = client({ level, will: will('will/leaving') }).start();
      await leaving.ready();
      await leaving.close();
      const first = client({ level, clientId: `lost-${level}`, will: will('will/lost') }).start();
      await first.ready();
      // A second client of that id takes the first one's place: to the broker the first is lost.
      await client({ level, clientId: `lost-${level}` })
        .start()
        .ready();
      assert.deepEqual(await box.texts(1), ['lost']);
      assert.equal(box.notes[0]?.topic, 'will/lost');
    });

    it(`${name}: a session that is kept gets what came while it was away`, async () => {
      const kept = { level, clientId: `kept-${level}`, sessionExpirySeconds: 60, cleanStart: false };
      const first = client(kept);
      const before = inbox(first, 'away', { qos: 1 });
      await first.start().ready();
      await before.held;
      await first.close();
      const sender = client({ level }).start();
      await sender.ready();
      for (const text of ['one', 'two', 'three']) await publish(sender, 'away', text, { qos: 1 });
      const again = client(kept);
      const after = inbox(again, 'away', { qos: 1 });
      again.start();
      assert.deepEqual(await after.texts(3), ['one', 'two', 'three']);
    });
  }

  it('MQTT 5: retain handling, retain as published, no local', async () => {
    const one = client().start();
    await one.ready();
    await publish(one, 'kept', 'old', { qos: 1, retain: true });
    const other = client();
    const every = inbox(other, 'kept', { retainHandling: 0 });
    const never = inbox(other, '+', { retainHandling: 2, retainAsPublished: true });
    const mute = inbox(other, '#', { retainHandling: 2, noLocal: true });
    await other.start().ready();
    await Promise.all([every.held, never.held, mute.held]);
    await publish(one, 'kept', 'new', { qos: 1, retain: true });
    await publish(other, 'kept', 'own', { qos: 1 });
    await publish(one, 'kept', 'end', { qos: 1 });
    assert.deepEqual(await every.texts(4), ['old', 'new', 'own', 'end']);
    assert.deepEqual(await never.texts(3), ['new', 'own', 'end']);
    assert.deepEqual(await mute.texts(2), ['new', 'end']);
    const flags = (notes: readonly { readonly retain: boolean }[]): boolean[] => notes.map(({ retain }) => retain);
    assert.deepEqual(flags(every.notes), [true, false, false, false]);
    assert.deepEqual(flags(never.notes), [true, false, false]);
    await publish(one, 'kept', '', { qos: 1, retain: true });
  });

  for (const qos of [1, 2] as const) {
    it(`MQTT 5: one message of QoS ${qos} at a time, when no more are granted`, async () => {
      const receiver = client({ receiveMaximum: 1 });
      let held = 0;
      const box = inbox(receiver, 'one', { qos }, () => {
        held += 1;
        assert.equal(held, 1);
        const release = receiver.holdAcknowledgement();
        setImmediate(() => {
          held -= 1;
          release();
        });
      });
      const sender = client().start();
      await Promise.all([receiver.start().ready(), sender.ready(), box.held]);
      const texts = Array.from({ length: 40 }, (_, index) => String(index));
      await Promise.all(texts.map((text) => publish(sender, 'one', text, { qos })));
      assert.deepEqual(await box.texts(40), texts);
    });
  }

  it('MQTT 5: nothing larger than we take, and all that is not', async () => {
    const receiver = client({ maximumPacketSize: 1000 });
    const box = inbox(receiver, 'size', { qos: 1 });
    const sender = client().start();
    await Promise.all([receiver.start().ready(), sender.ready(), box.held]);
    for (const size of [900, 2000, 901]) await publish(sender, 'size', 'x'.repeat(size), { qos: 1 });
    assert.deepEqual(
      (await box.texts(2)).map(({ length }) => length),
      [900, 901],
    );
    assert.equal(receiver.state.name, 'up');
  });

  it('MQTT 5: the client id the broker gives us', async () => {
    const one = client({ clientId: '' }).start();
    await one.ready();
    assert.match(one.properties.assignedClientIdentifier ?? '', /./);
  });

  it('MQTT 5: every property of a message', async () => {
    const one = client();
    const box = inbox(one, 'all', { qos: 1 });
    await one.start().ready();
    await box.held;
    const properties = {
      contentType: 'text/plain',
      responseTopic: 'answers/here',
      correlationData: Buffer.from([0, 1, 255]),
      payloadFormatIndicator: true,
      messageExpiryInterval: 100,
      userProperties: [
        ['name', 'one'],
        ['name', 'two'],
      ],
    } as const;
    await publish(one, 'all', 'properties', { qos: 1, properties });
    await box.texts(1);
    const { subscriptionIdentifiers, ...received } = box.notes[0]!.properties;
    assert.deepEqual(received, properties);
    assert.equal(subscriptionIdentifiers?.length, 1);
  });

  it('MQTT 5: filters that overlap get each message once', async () => {
    const one = client();
    const boxes = ['over/#', 'over/+', 'over/lap'].map((filter) => inbox(one, filter, { qos: 2 }));
    await one.start().ready();
    await Promise.all(boxes.map(({ held }) => held));
    for (const text of ['1', '2']) await publish(one, 'over/lap', text, { qos: 2 });
    await publish(one, 'over/end', 'end', { qos: 2 });
    const [all, level, exact] = boxes;
    assert.deepEqual(await all!.texts(3), ['1', '2', 'end']);
    assert.deepEqual(await level!.texts(3), ['1', '2', 'end']);
    await publish(one, 'over/lap', 'last', { qos: 2 });
    assert.deepEqual(await exact!.texts(3), ['1', '2', 'last']);
  });

  it('MQTT 5: more topics than aliases', async () => {
    const one = client();
    const box = inbox(one, 'aliased/#', { qos: 1 });
    await one.start().ready();
    await box.held;
    assert.ok((one.properties.topicAliasMaximum ?? 0) > 0, 'mosquitto takes no aliases');
    const texts = Array.from({ length: 200 }, (_, index) => String(index));
    await Promise.all(texts.map((text) => publish(one, `aliased/${Number(text) % 17}`, text, { qos: 1 })));
    assert.deepEqual(await box.texts(200), texts);
    assert.ok(box.notes.every(({ topic, text }) => topic === `aliased/${Number(text) % 17}`));
  });

  it('MQTT 5: a shared subscription gives each message to one', async () => {
    const [one, two] = [client(), client()];
    const boxes = [one, two].map((each) => inbox(each, '$share/group/work/#', { qos: 1 }));
    await Promise.all([one.start().ready(), two.start().ready(), ...boxes.map(({ held }) => held)]);
    const texts = Array.from({ length: 40 }, (_, index) => String(index));
    await Promise.all(texts.map((text) => publish(one, 'work/1', text, { qos: 1 })));
    while (boxes.flatMap(({ notes }) => notes).length < 40) await new Promise(setImmediate);
    const received = boxes.flatMap(({ notes }) => notes.map(({ text }) => Number(text)));
    assert.deepEqual(
      received.toSorted((a, b) => a - b),
      texts.map(Number),
    );
  });

  it('comes back after the broker was killed, subscribes again and sends what waited', async () => {
    const one = client();
    const box = inbox(one, 'back', { qos: 1 });
    await one.start().ready();
    await box.held;
    await mosquitto.kill();
    while (one.state.name === 'up') await new Promise(setImmediate);
    const sent = ['a', 'b', 'c'].map((text) => publish(one, 'back', text, { qos: 1 }));
    await mosquitto.start();
    await Promise.all(sent);
    assert.deepEqual(await box.texts(3), ['a', 'b', 'c']);
  });
});

/** mosquitto behind a WebSocket. */
function webSocketRelay(port: () => number): Server {
  const server = createServer();
  const sockets = new WebSocketServer({
    server,
    handleProtocols: (names) => [...names].find((name) => name.startsWith('mqtt')) ?? false,
  });
  sockets.on('connection', (webSocket) => {
    const stream = createWebSocketStream(webSocket);
    const socket: Socket = connect(port(), '127.0.0.1');
    stream.on('error', () => socket.destroy());
    socket.on('error', () => stream.destroy());
    stream.pipe(socket).pipe(stream);
  });
  return server;
}
