import assert from 'node:assert/strict';
import { MqttClient, type MqttClientSettings } from '../../../../src/endpoints/mqtt/index.ts';
import { inbox, publish, type Inbox } from './inbox.ts';
import { openPacketBroker, politely, type PacketBroker } from './packet-broker.ts';

const MALFORMED = 0x81;
const PROTOCOL_ERROR = 0x82;
const MORE_THAN_RECEIVE_MAXIMUM = 0x93;
const ALIAS_INVALID = 0x94;
const TOO_LARGE = 0x95;

/** What a broker must not send, byte by byte, and the reason a client of MQTT 5 leaves with (MQTT 5, 4.13). */
const forbidden: readonly (readonly [what: string, code: number, bytes: readonly number[]])[] = [
  ['type 0', MALFORMED, [0x00, 0]],
  ['a length of five bytes', MALFORMED, [0x30, 0xff, 0xff, 0xff, 0xff, 0x01]],
  ['a length with a byte too many', MALFORMED, [0xd0, 0x80, 0x00]],
  ['QoS 3', MALFORMED, [0x36, 6, 0, 1, 0x74, 0, 1, 0]],
  ['QoS 0 with DUP', MALFORMED, [0x38, 4, 0, 1, 0x74, 0]],
  ['a topic longer than its packet', MALFORMED, [0x30, 4, 0, 9, 0x74, 0]],
  ['a topic that is no UTF-8', MALFORMED, [0x30, 4, 0, 1, 0xff, 0]],
  ['a topic with a surrogate', MALFORMED, [0x30, 6, 0, 3, 0xed, 0xa0, 0x80, 0]],
  ['a topic with NUL', MALFORMED, [0x30, 4, 0, 1, 0x00, 0]],
  ['a topic with a wildcard', MALFORMED, [0x30, 4, 0, 1, 0x23, 0]],
  ['no topic and no alias', PROTOCOL_ERROR, [0x30, 3, 0, 0, 0]],
  ['packet id 0', PROTOCOL_ERROR, [0x32, 6, 0, 1, 0x74, 0, 0, 0]],
  ['alias 0', ALIAS_INVALID, [0x30, 7, 0, 1, 0x74, 3, 0x23, 0, 0]],
  ['an alias we do not take', ALIAS_INVALID, [0x30, 7, 0, 1, 0x74, 3, 0x23, 0, 9]],
  ['an alias nobody has explained', PROTOCOL_ERROR, [0x30, 6, 0, 0, 3, 0x23, 0, 2]],
  ['subscription identifier 0', PROTOCOL_ERROR, [0x30, 6, 0, 1, 0x74, 2, 0x0b, 0]],
  ['a property twice', PROTOCOL_ERROR, [0x30, 8, 0, 1, 0x74, 4, 0x01, 0, 0x01, 0]],
  ['a property that is none', MALFORMED, [0x30, 6, 0, 1, 0x74, 2, 0x7f, 0]],
  ['a property of another packet', MALFORMED, [0x30, 6, 0, 1, 0x74, 2, 0x24, 0]],
  ['properties longer than their packet', MALFORMED, [0x30, 5, 0, 1, 0x74, 9, 0x01]],
  ['a payload format of 2', PROTOCOL_ERROR, [0x30, 6, 0, 1, 0x74, 2, 0x01, 2]],
  ['a PUBACK with flags', MALFORMED, [0x41, 2, 0, 1]],
  ['a PUBREL without its flags', MALFORMED, [0x60, 2, 0, 1]],
  ['a PUBACK with half an id', MALFORMED, [0x40, 1, 0]],
  ['a PUBACK with an unknown reason', PROTOCOL_ERROR, [0x40, 3, 0, 1, 0x55]],
  ['a SUBACK without reasons', MALFORMED, [0x90, 3, 0, 1, 0]],
  ['a SUBACK with an unknown reason', PROTOCOL_ERROR, [0x90, 4, 0, 1, 0, 0x55]],
  ['a second CONNACK', PROTOCOL_ERROR, [0x20, 3, 0, 0, 0]],
  ['a CONNECT', PROTOCOL_ERROR, [0x10, 13, 0, 4, 0x4d, 0x51, 0x54, 0x54, 5, 2, 0, 0, 0, 0, 0]],
  ['a SUBSCRIBE', PROTOCOL_ERROR, [0x82, 7, 0, 1, 0, 0, 1, 0x74, 0]],
  ['an UNSUBSCRIBE', PROTOCOL_ERROR, [0xa2, 6, 0, 1, 0, 0, 1, 0x74]],
  ['a PINGREQ', PROTOCOL_ERROR, [0xc0, 0]],
  ['a PINGRESP with a body', MALFORMED, [0xd0, 1, 0]],
  ['a DISCONNECT that sets the session', PROTOCOL_ERROR, [0xe0, 7, 0, 5, 0x11, 0, 0, 0, 9]],
  ['an AUTH nobody agreed on', PROTOCOL_ERROR, [0xf0, 6, 0x18, 4, 0x15, 0, 1, 0x78]],
  ['an AUTH without a method', PROTOCOL_ERROR, [0xf0, 0]],
  ['more than we take', TOO_LARGE, [0x30, 0xff, 0xff, 0x7f]],
];

/** The same where there are no properties and no reasons. */
const forbiddenBefore5: readonly (readonly [what: string, bytes: readonly number[]])[] = [
  ['type 0', [0x00, 0]],
  ['AUTH', [0xf0, 0]],
  ['a length of five bytes', [0x30, 0xff, 0xff, 0xff, 0xff, 0x01]],
  ['QoS 3', [0x36, 5, 0, 1, 0x74, 0, 1]],
  ['a topic longer than its packet', [0x30, 3, 0, 9, 0x74]],
  ['a topic with NUL', [0x30, 3, 0, 1, 0x00]],
  ['a topic with a wildcard', [0x30, 3, 0, 1, 0x23]],
  ['no topic', [0x30, 2, 0, 0]],
  ['packet id 0', [0x32, 5, 0, 1, 0x74, 0, 0]],
  ['a PUBACK with flags', [0x41, 2, 0, 1]],
  ['a PUBACK with a reason', [0x40, 3, 0, 1, 0]],
  ['a second CONNACK', [0x20, 2, 0, 0]],
  ['a SUBSCRIBE', [0x82, 6, 0, 1, 0, 1, 0x74, 0]],
  ['a DISCONNECT', [0xe0, 0]],
];

/** What is odd, and no reason to leave. */
const tolerated: readonly (readonly [what: string, bytes: readonly number[], answer?: readonly number[]])[] = [
  ['a PUBACK for nothing', [0x40, 2, 0, 77]],
  ['a PUBREC for nothing', [0x50, 2, 0, 77], [0x62, 3, 0, 77, 0x92]],
  ['a refusal of QoS 2 for nothing', [0x50, 3, 0, 77, 0x80]],
  ['a PUBREL for nothing', [0x62, 2, 0, 77], [0x70, 3, 0, 77, 0x92]],
  ['a PUBCOMP for nothing', [0x70, 2, 0, 77]],
  ['a SUBACK for nothing', [0x90, 4, 0, 77, 0, 0]],
  ['an UNSUBACK for nothing', [0xb0, 4, 0, 77, 0, 0]],
  ['a PINGRESP nobody asked for', [0xd0, 0]],
  ['a PUBACK with a reason and properties', [0x40, 9, 0, 77, 0x10, 5, 0x1f, 0, 2, 0x6f, 0x6b]],
  ['a message nobody subscribed to', [0x30, 9, 0, 5, 0x6f, 0x74, 0x68, 0x65, 0x72, 0, 0x78]],
];

describe('the MQTT client and a broker that sends', () => {
  let broker: PacketBroker;
  let client: MqttClient;
  let box: Inbox;
  const heard: Buffer[] = [];

  const open = async (level: 4 | 5, settings: Partial<MqttClientSettings> = {}): Promise<void> => {
    broker = await openPacketBroker(politely(), level);
    const limits = { reconnectFirstMs: 5, reconnectLongestMs: 10, topicAliasMaximum: 4, maximumPacketSize: 100_000 };
    client = new MqttClient({ url: broker.url, level, clientId: 'odd', ...limits, ...settings });
    box = inbox(client, 't');
    await client.start().ready();
    await box.held;
    heard.length = 0;
    broker.guests[0]!.socket.on('data', (chunk) => heard.push(chunk));
  };
  afterEach(async () => {
    await client.close();
    await broker[Symbol.asyncDispose]();
  });
  const send = (bytes: readonly number[]): void => void broker.guests.at(-1)!.socket.write(Buffer.from(bytes));
  /** The connection of now carries messages both ways. */
  const works = async (): Promise<void> => {
    await publish(client, 't', 'out', { qos: 1 });
    broker.guests.at(-1)!.send({ cmd: 'publish', topic: 't', payload: 'in', qos: 0, dup: false, retain: false });
    assert.deepEqual(await box.texts(1), ['in']);
  };

  for (const [what, code, bytes] of forbidden) {
    it(`${what}: says so, leaves, and connects again`, async () => {
      await open(5);
      send(bytes);
      const [disconnect] = await broker.when('disconnect');
      assert.equal(disconnect?.reasonCode, code);
      await broker.when('subscribe', 2);
      await works();
      assert.equal(broker.guests.length, 2);
    });
  }

  for (const [what, bytes] of forbiddenBefore5) {
    it(`${what}, in MQTT 3.1.1: leaves without a word, and connects again`, async () => {
      await open(4);
      send(bytes);
      await broker.when('subscribe', 2);
      assert.deepEqual(broker.all('disconnect'), []);
    });
  }

  for (const [what, bytes, answer] of tolerated) {
    it(`${what}: goes on`, async () => {
      await open(5);
      send(bytes);
      await works();
      assert.equal(broker.guests.length, 1);
      if (answer !== undefined) assert.ok(Buffer.concat(heard).includes(Buffer.from(answer)));
    });
  }

  it('more messages than our Receive Maximum: says so, leaves, and takes them over the next connection', async () => {
    await open(5, { receiveMaximum: 2, sessionExpirySeconds: 60 });
    for (const id of [1, 2, 3]) send([0x34, 7, 0, 1, 0x74, 0, id, 0, 0x30 + id]);
    const [disconnect] = await broker.when('disconnect');
    assert.equal(disconnect?.reasonCode, MORE_THAN_RECEIVE_MAXIMUM);
    assert.deepEqual(await box.texts(2), ['1', '2']);
    await broker.when('subscribe', 2);
    // What is not released since before does not count here.
    for (const id of [3, 4]) send([0x34, 7, 0, 1, 0x74, 0, id, 0, 0x30 + id]);
    assert.deepEqual(await box.texts(4), ['1', '2', '3', '4']);
    assert.equal(broker.guests.length, 2);
  });

  for (const level of [4, 5] as const) {
    it(`a session where a new one was asked for, at level ${level}: leaves`, async () => {
      let odd = true;
      const polite = politely();
      broker = await openPacketBroker((packet, guest, count) => {
        if (packet.cmd !== 'connect') polite(packet, guest, count);
        else guest.send({ cmd: 'connack', sessionPresent: odd, reasonCode: 0, returnCode: 0 });
        odd = false;
      }, level);
      client = new MqttClient({ url: broker.url, level, reconnectFirstMs: 5, reconnectLongestMs: 10 });
      await client.start().ready();
      assert.equal(broker.guests.length, 2);
      if (level === 5) assert.equal(broker.all('disconnect')[0]?.reasonCode, PROTOCOL_ERROR);
    });
  }

  it('everything one byte at a time: takes it as if it were whole', async () => {
    await open(5);
    const message = [0x32, 12, 0, 1, 0x74, 0, 9, 5, 0x03, 0, 2, 0x61, 0x62, 0x78];
    for (const byte of [...message, 0xd0, 0, ...message.with(6, 10)]) {
      send([byte]);
      await new Promise(setImmediate);
    }
    assert.deepEqual(await box.texts(2), ['x', 'x']);
    assert.deepEqual(
      (await broker.when('puback', 2)).map(({ messageId }) => messageId),
      [9, 10],
    );
    assert.equal(box.notes[0]?.properties.contentType, 'ab');
  });
});
