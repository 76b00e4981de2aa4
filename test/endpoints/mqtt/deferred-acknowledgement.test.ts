import assert from 'node:assert/strict';
import { connectAsync, type IPublishPacket, type MqttClient } from 'mqtt';
import { deferAcknowledgements } from '../../../src/endpoints/mqtt/deferred-acknowledgement.ts';
import { idsOf, openScriptedBroker, politely, publishPacket, type ScriptedBroker } from './scripted-broker.ts';
import { openIdentities, type Identities } from './world.ts';

/** The private members of mqtt.js this relies on: a new version of it has to pass here. */
describe('deferAcknowledgements', () => {
  let identities: Identities;
  let broker: ScriptedBroker;
  let client: MqttClient;

  before(async () => {
    identities = await openIdentities();
  });
  after(async () => await identities.close());
  beforeEach(async () => {
    broker = await openScriptedBroker(identities, politely());
    client = await connectAsync(broker.url, { ca: identities.authority.ca, protocolVersion: 5, reconnectPeriod: 0 });
  });
  afterEach(async () => {
    await client.endAsync(true);
    await broker.close();
  });

  const publish = (count: number): void => {
    const packets = Array.from({ length: count }, (_, index) => publishPacket(index + 1, `message ${index}`));
    for (const socket of broker.sockets) socket.write(Buffer.concat(packets));
  };

  it('acknowledges in order of arrival what is taken in another', async () => {
    const takers: (() => void)[] = [];
    const all = new Promise<void>((resolve) => {
      const take = (): Promise<void> =>
        new Promise((taken) => {
          if (takers.push(taken) === 3) resolve();
        });
      deferAcknowledgements(client, take, 1_000_000);
    });
    publish(3);
    await all;
    for (const index of [2, 1]) takers[index]?.();
    // Another packet of ours after them shows that no acknowledgement went out.
    client.sendPing();
    await broker.when((packets) => packets.some(({ type }) => type === 12));
    assert.deepEqual(idsOf(broker.packets, 4), []);
    takers[0]?.();
    await broker.when((packets) => idsOf(packets, 4).length === 3);
    assert.deepEqual(idsOf(broker.packets, 4), [1, 2, 3]);
  });

  it('does not acknowledge what was never taken, nor what came after it', async () => {
    const take = ({ messageId }: IPublishPacket): Promise<void> =>
      messageId === 2 ? Promise.reject(new Error('no')) : Promise.resolve();
    deferAcknowledgements(client, take, 1_000_000);
    publish(3);
    await broker.when((packets) => idsOf(packets, 4).length === 1);
    client.sendPing();
    await broker.when((packets) => packets.some(({ type }) => type === 12));
    assert.deepEqual(idsOf(broker.packets, 4), [1]);
  });

  it('reads no more than it may hold, and goes on when there is room', async () => {
    let untaken = 0;
    let most = 0;
    const take = async (): Promise<void> => {
      untaken += 1;
      most = Math.max(most, untaken);
      await new Promise(setImmediate);
      untaken -= 1;
    };
    deferAcknowledgements(client, take, 2_000);
    publish(50);
    await broker.when((packets) => idsOf(packets, 4).length === 50);
    // Each of them counts for some 520 bytes.
    assert.equal(most, 4);
  });

  it('does not take its own pause for the silence of the broker', async () => {
    let goOn = (): void => undefined;
    const reading = new Promise<void>((resolve) => {
      const take = (): Promise<void> => {
        resolve();
        return new Promise((taken) => (goOn = taken));
      };
      deferAcknowledgements(client, take, 0);
    });
    publish(1);
    await reading;
    let closed = false;
    client.once('close', () => (closed = true));
    client.onKeepaliveTimeout();
    await new Promise(setImmediate);
    assert.equal(closed, false);
    goOn();
    await broker.when((packets) => idsOf(packets, 4).length === 1);
  });
});
