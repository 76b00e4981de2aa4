import assert from 'node:assert/strict';
import { isFault } from '../../../src/fault.ts';
import type { Link } from '../../../src/endpoint/endpoint.ts';
import type { LinkState } from '../../../src/endpoint/link-state.ts';
import { mqttEndpoint, type MqttLinkSettings } from '../../../src/endpoints/mqtt/index.ts';
import { codeOf, stateOf, testLimits, textMessage } from '../../contract/world.ts';
import { openScriptedBroker, politely, type ScriptedBroker } from './scripted-broker.ts';
import { openBrokerPort, openIdentities, type Identities } from './world.ts';

describe('an MQTT link survives', () => {
  let identities: Identities;
  let broker: ScriptedBroker | undefined;
  let link: Link;

  const open = async (
    answer: Parameters<typeof openScriptedBroker>[1],
    more: Partial<MqttLinkSettings> = {},
  ): Promise<void> => {
    broker = await openScriptedBroker(identities, answer);
    const tls = { ca: identities.authority.ca };
    link = mqttEndpoint.connect({ url: broker.url, tls, subscribe: [{ filter: '#' }], ...testLimits, ...more });
  };
  const causeOf = (state: LinkState): string => {
    assert.ok(state.name === 'waiting' && isFault(state.cause), JSON.stringify(state));
    return state.cause.code;
  };

  before(async () => {
    identities = await openIdentities();
  });
  after(async () => await identities.close());
  afterEach(async () => {
    await link.close();
    await broker?.close();
    broker = undefined;
  });

  for (const [what, bytes] of [
    ['text where packets belong', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['zeros', Buffer.alloc(4096)],
    ['a length without end', Buffer.alloc(64, 0xff)],
    ['a PUBLISH before the CONNACK with a topic longer than itself', Buffer.from([0x30, 4, 0xff, 0xff, 0x61, 0x61])],
    ['a CONNACK cut short, then the end', Buffer.from([0x20, 3, 0])],
  ] as const) {
    it(`${what}: it waits and tries again`, async () => {
      await open((_, socket) => socket.end(bytes));
      causeOf(await stateOf(link, 'waiting'));
      await stateOf(link, 'connecting');
      causeOf(await stateOf(link, 'waiting'));
    });
  }

  it('garbage in the middle of a connection: it connects again', async () => {
    await open(politely());
    await link.ready();
    for (const socket of broker!.sockets) socket.write(Buffer.alloc(64, 0xff));
    causeOf(await stateOf(link, 'waiting'));
    await link.ready();
  });

  it('a broker that says nothing to CONNECT: gone after keepAliveMs', async () => {
    await open(() => undefined, { keepAliveMs: 200 });
    assert.equal(causeOf(await stateOf(link, 'waiting')), 'FAR_SIDE_GONE');
  });

  it('a broker that falls silent: gone after keepAliveMs', async () => {
    const answer = politely();
    await open((packet, socket) => packet.type !== 12 && answer(packet, socket), { keepAliveMs: 1500 });
    await link.ready();
    assert.equal(causeOf(await stateOf(link, 'waiting')), 'FAR_SIDE_GONE');
  });

  it('a refusal, and says which', async () => {
    // Reason code 0x87: not authorized.
    await open((_, socket) => socket.write(Buffer.from([0x20, 3, 0, 0x87, 0])));
    const state = await stateOf(link, 'waiting');
    assert.equal(causeOf(state), 'LINK_REFUSED');
    assert.match(state.name === 'waiting' ? state.cause.message : '', /Not authorized/);
  });

  it('a refused subscription, and says so', async () => {
    const answer = politely();
    await open((packet, socket) => {
      if (packet.type === 8) socket.write(Buffer.from([0x90, 4, packet.body[0]!, packet.body[1]!, 0, 0x87]));
      else answer(packet, socket);
    });
    assert.equal(causeOf(await stateOf(link, 'waiting')), 'LINK_REFUSED');
  });

  it('a refused message: its send rejects and the next goes through', async () => {
    const answer = politely();
    let published = 0;
    await open((packet, socket) => {
      answer(packet, socket);
      if (packet.type !== 3) return;
      published += 1;
      const id = packet.body.subarray(3, 5);
      socket.write(published === 1 ? Buffer.from([0x40, 3, ...id, 0x87]) : Buffer.from([0x40, 2, ...id]));
    });
    assert.equal(await codeOf(link.send(textMessage('t', 'refused'))), 'FAR_SIDE_REFUSED');
    await link.send(textMessage('t', 'taken'));
  });

  it('a broker that takes small packets only: more is refused before it is sent', async () => {
    // Maximum Packet Size 1,000 (MQTT 5, 3.2.2.3.6).
    await open(politely([0x27, 0, 0, 0x03, 0xe8]));
    await link.ready();
    assert.equal(await codeOf(link.send({ topic: 't', payload: new Uint8Array(1000) })), 'PAYLOAD_TOO_LARGE');
    assert.equal(broker!.packets.filter(({ type }) => type === 3).length, 0);
  });

  it('a broker without QoS 1, and says so', async () => {
    // Maximum QoS 0 (MQTT 5, 3.2.2.3.4).
    await open(politely([0x24, 0]));
    assert.equal(causeOf(await stateOf(link, 'waiting')), 'LINK_REFUSED');
  });

  it('a second link of the same client id: both give way in turn, neither ends the process', async () => {
    const port = await openBrokerPort(identities);
    const settings = {
      url: port.url,
      tls: { ca: identities.authority.ca, ...identities.client },
      clientId: 'twin',
      ...testLimits,
    };
    link = mqttEndpoint.connect(settings);
    await link.ready();
    await using second = mqttEndpoint.connect(settings);
    await second.ready();
    await stateOf(link, 'waiting');
    await link.close();
    await second.ready();
    await second.close();
    await port.close();
  });
});
