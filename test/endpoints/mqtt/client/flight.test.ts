import assert from 'node:assert/strict';
import type { IPublishPacket } from 'mqtt-packet';
import { MqttClient, type MqttClientSettings } from '../../../../src/endpoints/mqtt/index.ts';
import { isFault } from '../../../../src/fault.ts';
import { inbox, publish } from './inbox.ts';
import { openPacketBroker, politely, type PacketBroker } from './packet-broker.ts';

type Answer = NonNullable<Parameters<typeof openPacketBroker>[0]>;
type Command = 'puback' | 'pubrec' | 'pubcomp' | 'pubrel';

const quick = { reconnectFirstMs: 5, reconnectLongestMs: 10 };
const kept = { clientId: 'kept', sessionExpirySeconds: 60 };
const polite = politely();
const resuming = politely({ sessionPresent: true });

/** Politely, but without these answers until it is told to. */
function without(commands: readonly string[], sessionPresent = true): { answer: Answer; silent: boolean } {
  const broker = {
    silent: true,
    answer: ((packet, guest, count) => {
      if (broker.silent && commands.includes(packet.cmd)) return;
      (sessionPresent && count > 1 ? resuming : polite)(packet, guest, count);
    }) satisfies Answer,
  };
  return broker;
}

describe('the MQTT client', () => {
  let broker: PacketBroker;
  let client: MqttClient;
  const open = async (answer: Answer = polite, settings: Partial<MqttClientSettings> = {}): Promise<void> => {
    broker = await openPacketBroker(answer, settings.level);
    client = new MqttClient({ url: broker.url, ...quick, ...settings });
  };
  const drop = (): void => void broker.guests.at(-1)!.socket.destroy();
  const ids = (command: Command): (number | undefined)[] => broker.all(command).map(({ messageId }) => messageId);
  const give = (messageId: number, text: string, more: Partial<IPublishPacket> = {}): void => {
    const fixed = { cmd: 'publish', topic: 't', payload: text, qos: 1, dup: false, retain: false, messageId } as const;
    broker.guests.at(-1)!.send({ ...fixed, ...more });
  };
  const codeOf = (error: unknown): unknown => (isFault(error) ? error.code : error);
  afterEach(async () => {
    await client.close();
    await broker[Symbol.asyncDispose]();
  });

  describe('sends', () => {
    it('again, with DUP and the same id, what was not acknowledged, to the same session and in order', async () => {
      const lame = without(['publish']);
      await open(lame.answer, kept);
      await client.start().ready();
      const sends = ['a', 'b', 'c'].map((text) => publish(client, 't', text, { qos: 1 }));
      await broker.when('publish', 3);
      lame.silent = false;
      drop();
      await Promise.all(sends);
      const all = broker.all('publish').map(({ payload, messageId, dup }) => [payload.toString(), messageId, dup]);
      assert.deepEqual(all, [
        ['a', 1, false],
        ['b', 2, false],
        ['c', 3, false],
        ['a', 1, true],
        ['b', 2, true],
        ['c', 3, true],
      ]);
    });

    it('PUBREL again, and not the message, when the broker had it', async () => {
      const lame = without(['pubrel']);
      await open(lame.answer, kept);
      await client.start().ready();
      const sending = publish(client, 't', 'x', { qos: 2 });
      await broker.when('pubrel');
      lame.silent = false;
      drop();
      await sending;
      assert.equal(broker.all('publish').length, 1);
      assert.equal(broker.all('pubrel').length, 2);
    });

    it('QoS 1 anew, without DUP, to a broker that has lost the session', async () => {
      const lame = without(['publish'], false);
      await open(lame.answer, kept);
      await client.start().ready();
      const sending = publish(client, 't', 'x', { qos: 1 });
      await broker.when('publish');
      lame.silent = false;
      drop();
      await sending;
      assert.deepEqual(
        broker.all('publish').map(({ dup }) => dup),
        [false, false],
      );
    });

    it('QoS 2 not twice to a broker that has lost the session: it fails', async () => {
      const lame = without(['publish'], false);
      await open(lame.answer, kept);
      await client.start().ready();
      const sending = publish(client, 't', 'x', { qos: 2 });
      await broker.when('publish');
      drop();
      await assert.rejects(sending, (error) => codeOf(error) === 'FAR_SIDE_GONE');
      assert.equal(broker.all('publish').length, 1);
    });

    it('nothing again without a session: what was under way fails', async () => {
      await open(without(['publish']).answer);
      await client.start().ready();
      const sending = publish(client, 't', 'x', { qos: 1 });
      await broker.when('publish');
      drop();
      await assert.rejects(sending, (error) => codeOf(error) === 'FAR_SIDE_GONE');
    });

    it('no more than the broker takes at once', async () => {
      const answer = politely({ properties: { receiveMaximum: 2 } });
      let silent = true;
      await open((packet, guest, count) => {
        if (!silent || packet.cmd !== 'publish') answer(packet, guest, count);
      });
      await client.start().ready();
      const sends = ['a', 'b', 'c', 'd'].map((text) => publish(client, 't', text, { qos: 1 }));
      await broker.when('publish', 2);
      assert.equal(client.inFlight, 2);
      silent = false;
      for (const messageId of [1, 2]) broker.guests[0]!.send({ cmd: 'puback', messageId });
      await Promise.all(sends);
      assert.deepEqual(
        broker.all('publish').map(({ payload }) => payload.toString()),
        ['a', 'b', 'c', 'd'],
      );
    });

    it('the refusals of the broker to who sent', async () => {
      await open((packet, guest, count) => {
        if (packet.cmd !== 'publish') polite(packet, guest, count);
        else if (packet.qos === 1) guest.send({ cmd: 'puback', messageId: packet.messageId!, reasonCode: 0x97 });
        else guest.send({ cmd: 'pubrec', messageId: packet.messageId!, reasonCode: 0x87 });
      });
      await client.start().ready();
      await assert.rejects(publish(client, 't', 'x', { qos: 1 }), /Quota exceeded \(151\)/);
      await assert.rejects(publish(client, 't', 'x', { qos: 2 }), /Not authorized \(135\)/);
      assert.equal(client.inFlight, 0);
    });

    it('a topic once and then its alias, and gives up the alias unused longest', async () => {
      await open(politely({ properties: { topicAliasMaximum: 2 } }));
      await client.start().ready();
      for (const topic of ['one/long', 'one/long', 'two/long', 'one/long', 'three/long', 'one/long', 'two/long']) {
        client.publish(topic, Buffer.from('x'));
      }
      await broker.when('publish', 7);
      assert.deepEqual(
        broker.all('publish').map(({ topic, properties }) => [topic, properties?.topicAlias]),
        [
          ['one/long', 1],
          ['', 1],
          ['two/long', 2],
          ['', 1],
          ['three/long', 2],
          ['', 1],
          ['two/long', 2],
        ],
      );
    });

    it('whole topics on a new connection, and no alias when told not to or to a broker without', async () => {
      await open(politely({ properties: { topicAliasMaximum: 2 } }), { ...kept, useTopicAliases: false });
      await client.start().ready();
      for (let round = 0; round < 2; round += 1) client.publish('one/long', Buffer.from('x'));
      const packets = await broker.when('publish', 2);
      assert.deepEqual(
        packets.map(({ topic, properties }) => [topic, properties?.topicAlias]),
        [
          ['one/long', undefined],
          ['one/long', undefined],
        ],
      );
    });

    it('an alias of the sender’s own choice, as far as the broker takes it', async () => {
      await open(politely({ properties: { topicAliasMaximum: 5 } }));
      await client.start().ready();
      for (const topicAlias of [4, 6]) client.publish('own/choice', Buffer.from('x'), { properties: { topicAlias } });
      const packets = await broker.when('publish', 2);
      assert.deepEqual(
        packets.map(({ topic, properties }) => [topic, properties?.topicAlias]),
        [
          ['own/choice', 4],
          ['own/choice', undefined],
        ],
      );
    });

    it('everything of one turn in one piece', async () => {
      await open();
      await client.start().ready();
      let pieces = 0;
      broker.guests[0]!.socket.on('data', () => (pieces += 1));
      for (let index = 0; index < 100; index += 1) client.publish('t', Buffer.from('x'));
      await broker.when('publish', 100);
      assert.equal(pieces, 1);
    });

    it('nothing when it cannot: QUEUE_FULL, then FAR_SIDE_GONE after the time a send may take', async () => {
      await open(polite, { maxWaiting: 1, sendTimeoutMs: 80 });
      const first = publish(client, 't', 'x');
      await assert.rejects(publish(client, 't', 'x'), (error) => codeOf(error) === 'QUEUE_FULL');
      await assert.rejects(first, (error) => codeOf(error) === 'FAR_SIDE_GONE');
    });
  });

  describe('acknowledges', () => {
    const holding = async (
      settings: Partial<MqttClientSettings> = {},
      answer: Answer = polite,
    ): Promise<(() => void)[]> => {
      await open(answer, settings);
      const releases: (() => void)[] = [];
      inbox(client, 't', { qos: 2 }, () => releases.push(client.holdAcknowledgement()));
      await client.start().ready();
      await broker.when('subscribe');
      return releases;
    };
    const until = async (condition: () => boolean): Promise<void> => {
      while (!condition()) await new Promise(setImmediate);
    };

    for (const [qos, command] of [
      [1, 'puback'],
      [2, 'pubrec'],
    ] as const) {
      it(`QoS ${qos} out of band, many at once, in the order of arrival`, async () => {
        const releases = await holding();
        for (const messageId of [1, 2, 3]) give(messageId, 'x', { qos });
        await until(() => releases.length === 3);
        releases[2]!();
        releases[1]!();
        // What we publish meanwhile is taken over: nothing waits for anything.
        await publish(client, 'other', 'x', { qos: 1 });
        assert.deepEqual(ids(command), []);
        releases[0]!();
        await broker.when(command, 3);
        assert.deepEqual(ids(command), [1, 2, 3]);
      });
    }

    it('at once what nobody holds', async () => {
      await open();
      const box = inbox(client, 't', { qos: 2 });
      await client.start().ready();
      await box.held;
      give(1, 'one');
      give(2, 'two', { qos: 2 });
      await broker.when('pubrec');
      assert.deepEqual([ids('puback'), ids('pubrec')], [[1], [2]]);
      broker.guests[0]!.send({ cmd: 'pubrel', messageId: 2 });
      await broker.when('pubcomp');
    });

    it('when the last of several holders has let go, and not before the last handler has seen it', async () => {
      await open();
      const releases: (() => void)[] = [];
      inbox(client, 't', { qos: 1 }, () => client.holdAcknowledgement()());
      inbox(client, 't', { qos: 1 }, () => releases.push(client.holdAcknowledgement(), client.holdAcknowledgement()));
      await client.start().ready();
      await broker.when('subscribe');
      give(1, 'x');
      await until(() => releases.length === 2);
      releases[0]!();
      releases[0]!();
      await publish(client, 'other', 'x', { qos: 1 });
      assert.deepEqual(ids('puback'), []);
      releases[1]!();
      await broker.when('puback');
    });

    it('over a new connection what it held over the old one, and hands it out once', async () => {
      const releases = await holding(kept, resuming);
      give(7, 'held');
      await until(() => releases.length === 1);
      drop();
      await broker.when('connect', 2);
      await client.ready();
      releases[0]!();
      await publish(client, 'other', 'x', { qos: 1 });
      assert.deepEqual(ids('puback'), [], 'the broker has not sent it again yet');
      give(7, 'held', { dup: true });
      await broker.when('puback');
      assert.equal(releases.length, 1);
    });

    it('QoS 2 again after its acknowledgement was lost, without handing it out again', async () => {
      await open(resuming, kept);
      const box = inbox(client, 't', { qos: 2 });
      await client.start().ready();
      await box.held;
      give(9, 'once', { qos: 2 });
      await broker.when('pubrec');
      drop();
      await broker.when('connect', 2);
      await client.ready();
      give(9, 'once', { qos: 2, dup: true });
      await broker.when('pubrec', 2);
      broker.guests.at(-1)!.send({ cmd: 'pubrel', messageId: 9 });
      await broker.when('pubcomp');
      give(9, 'another', { qos: 2 });
      assert.deepEqual(await box.texts(2), ['once', 'another']);
    });

    it('while a handler publishes at QoS 1 on the same client', async () => {
      await open(politely(), { receiveMaximum: 200 });
      const answers: Promise<void>[] = [];
      const box = inbox(client, 't', { qos: 1 }, (view) => {
        const release = client.holdAcknowledgement();
        answers.push(publish(client, 'answer', view.payload.toString(), { qos: 1 }).then(release));
      });
      await client.start().ready();
      await box.held;
      for (let messageId = 1; messageId <= 200; messageId += 1) give(messageId, String(messageId));
      await broker.when('puback', 200);
      await Promise.all(answers);
      assert.deepEqual(
        ids('puback'),
        Array.from({ length: 200 }, (_, index) => index + 1),
      );
    });
  });

  describe('gives messages', () => {
    it('by the identifiers of subscriptions, each subscriber its own', async () => {
      await open();
      const boxes = ['a/#', 'a/b', 'a/+'].map((filter) => inbox(client, filter, { qos: 1 }));
      await client.start().ready();
      const asked = await broker.when('subscribe', 3);
      const idOf = (filter: string): number =>
        Number(
          asked.find(({ subscriptions }) => subscriptions[0]?.topic === filter)?.properties?.subscriptionIdentifier,
        );
      const send = (subscriptionIdentifier: number[]): void =>
        give(1, 'x', { topic: 'a/b', qos: 0, properties: { subscriptionIdentifier } });
      send([idOf('a/#')]);
      send([idOf('a/b'), idOf('a/+')]);
      await boxes[2]!.texts(1);
      assert.deepEqual(
        boxes.map(({ notes }) => notes.length),
        [1, 1, 1],
      );
    });

    it('by their topics where the broker has no identifiers', async () => {
      await open(politely({ properties: { subscriptionIdentifiersAvailable: false } }));
      const boxes = ['a/#', '+/+/b', '#', '$share/group/a/+/b'].map((filter) => inbox(client, filter));
      await client.start().ready();
      await Promise.all(boxes.map(({ held }) => held));
      assert.equal(broker.all('subscribe')[0]?.properties?.subscriptionIdentifier, undefined);
      give(1, 'empty level', { topic: 'a//b', qos: 0 });
      give(1, 'system', { topic: '$SYS/a/b', qos: 0 });
      give(1, 'last', { topic: 'last', qos: 0 });
      await boxes[2]!.texts(2);
      assert.deepEqual(
        boxes.map(({ notes }) => notes.map(({ text }) => text)),
        [['empty level'], ['empty level'], ['empty level', 'last'], ['empty level']],
      );
    });

    it('to all who subscribe to one filter, by one subscription of the highest quality', async () => {
      await open();
      const one = inbox(client, 't', { qos: 0, noLocal: true });
      const two = inbox(client, 't', { qos: 2, retainAsPublished: true });
      await client.start().ready();
      const [subscribe] = await broker.when('subscribe');
      assert.deepEqual(subscribe?.subscriptions, [{ topic: 't', qos: 2, nl: false, rap: true, rh: 0 }]);
      give(1, 'x');
      assert.deepEqual([await one.texts(1), await two.texts(1)], [['x'], ['x']]);
      await one.end();
      assert.equal(broker.all('unsubscribe').length, 0);
      await two.end();
      assert.equal(broker.all('unsubscribe').length, 1);
    });

    it('that were kept only to who has just subscribed', async () => {
      await open();
      const first = inbox(client, 't');
      await client.start().ready();
      await first.held;
      const second = inbox(client, 't');
      await second.held;
      give(1, 'kept', { retain: true, qos: 0 });
      give(1, 'live', { qos: 0 });
      assert.deepEqual(await second.texts(2), ['kept', 'live']);
      assert.deepEqual(await first.texts(1), ['live']);
    });

    it('with their topic where the broker uses an alias', async () => {
      await open(polite, { topicAliasMaximum: 3 });
      const box = inbox(client, 'a/b');
      await client.start().ready();
      await box.held;
      give(1, 'one', { topic: 'a/b', qos: 0, properties: { topicAlias: 3 } });
      give(1, 'two', { topic: '', qos: 0, properties: { topicAlias: 3 } });
      await box.texts(2);
      assert.deepEqual(
        box.notes.map(({ topic }) => topic),
        ['a/b', 'a/b'],
      );
    });

    it('and leaves a broker that sends what is no MQTT, with the reason', async () => {
      await open(polite, kept);
      await client.start().ready();
      give(1, 'x', { topic: '', qos: 0, properties: { topicAlias: 99 } });
      const [disconnect] = await broker.when('disconnect');
      assert.equal(disconnect?.reasonCode, 0x94);
      await broker.when('connect', 2);
    });
  });
});
