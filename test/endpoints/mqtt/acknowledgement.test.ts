import assert from 'node:assert/strict';
import type { Link } from '../../../src/endpoint/endpoint.ts';
import { mqttEndpoint, type MqttLinkSettings } from '../../../src/endpoints/mqtt/index.ts';
import { next, textMessage, textOf } from '../../contract/world.ts';
import { idsOf, openScriptedBroker, politely, publishPacket, type ScriptedBroker } from './scripted-broker.ts';
import { openIdentities, type Identities } from './world.ts';

describe('an MQTT link acknowledges', () => {
  let identities: Identities;
  let broker: ScriptedBroker;
  let link: Link;

  const open = async (
    answer: Parameters<typeof openScriptedBroker>[1],
    more: Partial<MqttLinkSettings> = {},
  ): Promise<void> => {
    broker = await openScriptedBroker(identities, answer);
    const tls = { ca: identities.authority.ca };
    link = mqttEndpoint.connect({ url: broker.url, tls, subscribe: [{ filter: '#' }], ...more });
    await link.ready();
  };
  const publish = (...texts: string[]): void => {
    for (const socket of broker.sockets)
      socket.write(Buffer.concat(texts.map((text, index) => publishPacket(index + 1, text))));
  };

  before(async () => {
    identities = await openIdentities();
  });
  after(async () => await identities.close());
  afterEach(async () => {
    await link.close();
    await broker.close();
  });

  it('a message only after every reader has taken it', async () => {
    await open(politely());
    const [quick, slow] = [link.receive(), link.receive({ highWaterMark: 0 })];
    publish('one');
    assert.equal(textOf(await next(quick)), 'one');
    // A round trip of our own message shows that everything before it has been handled.
    const own = link.send(textMessage('t', 'own'));
    await broker.when((packets) => packets.some(({ type }) => type === 3));
    assert.deepEqual(idsOf(broker.packets, 4), []);
    assert.equal(textOf(await next(slow)), 'one');
    await broker.when((packets) => idsOf(packets, 4).length === 1);
    assert.deepEqual(idsOf(broker.packets, 4), [1]);
    await Promise.all([link.close(), assert.rejects(own)]);
  });

  it('in order of arrival, and goes on with pings and its own messages meanwhile', async () => {
    const answer = politely();
    await open(
      (packet, socket) => {
        answer(packet, socket);
        if (packet.type === 3) socket.write(Buffer.from([0x40, 2, ...packet.body.subarray(3, 5)]));
      },
      { keepAliveMs: 1500 },
    );
    const states: string[] = [];
    link.onState((state) => states.push(state.name));
    const reader = link.receive({ highWaterMark: 0 });
    publish('one', 'two', 'three');
    await broker.when((packets) => packets.filter(({ type }) => type === 12).length >= 3);
    await link.send(textMessage('t', 'own'));
    assert.deepEqual(idsOf(broker.packets, 4), []);
    assert.deepEqual(states, []);
    for (const text of ['one', 'two', 'three']) assert.equal(textOf(await next(reader)), text);
    await broker.when((packets) => idsOf(packets, 4).length === 3);
    assert.deepEqual(idsOf(broker.packets, 4), [1, 2, 3]);
  });

  it('nothing it is sent beyond the memory it grants, until there is room', async () => {
    await open(politely(), { maxInFlight: 1, maxPayloadBytes: 100 });
    const reader = link.receive({ highWaterMark: 0 });
    const texts = Array.from({ length: 50 }, (_, index) => `message ${index}`);
    publish(...texts);
    for (const text of texts) assert.equal(textOf(await next(reader)), text);
    await broker.when((packets) => idsOf(packets, 4).length === texts.length);
    assert.deepEqual(
      idsOf(broker.packets, 4),
      texts.map((_, index) => index + 1),
    );
  });

  it('and respects how many unacknowledged messages the broker takes', async () => {
    // Receive Maximum 2 (MQTT 5, 3.2.2.3.3).
    await open(politely([0x21, 0, 2]));
    const sends = ['a', 'b', 'c'].map((text) => link.send(textMessage('t', text)));
    const published = (): Buffer[] => broker.packets.filter(({ type }) => type === 3).map(({ body }) => body);
    await broker.when(() => published().length === 2);
    const [socket] = broker.sockets;
    socket!.write(Buffer.from([0x40, 2, ...published()[0]!.subarray(3, 5)]));
    await sends[0];
    await broker.when(() => published().length === 3);
    for (const body of published().slice(1)) socket!.write(Buffer.from([0x40, 2, ...body.subarray(3, 5)]));
    await Promise.all(sends);
  });
});
