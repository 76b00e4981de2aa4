import assert from 'node:assert/strict';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { hear } from '../../broker/broker-world.ts';
import { catching, errorText, sink, startNodeRed, tab, type TestNodeRed } from '../../support/node-red.ts';

describe('the broker node', () => {
  let nodeRed: TestNodeRed;
  const clients: MqttClient[] = [];
  before(async () => {
    nodeRed = await startNodeRed();
    const node = { id: 'broker', type: 'chartwire-broker', z: tab.id, events: 'all', wires: [['events']] };
    await nodeRed.deploy([tab, ...catching, node, sink('events')]);
  });
  after(async () => {
    await Promise.all(clients.map((client) => client.endAsync(true)));
    await nodeRed.stop();
  });

  async function connect(clientId: string, more: IClientOptions = {}): Promise<MqttClient> {
    const { door, identity } = nodeRed.services;
    const tls = { ca: identity.ca, cert: identity.cert!, key: identity.key! };
    const options = { clientId, protocolVersion: 5, reconnectPeriod: 0, ...tls, ...more } as const;
    const client = await mqtt.connectAsync(`mqtts://127.0.0.1:${door.port}`, options);
    clients.push(client);
    return client;
  }

  it('tells who comes, subscribes, is refused and goes, publishes, and kicks', async () => {
    const client = await connect('meter');
    await client.subscribeAsync('orders/#', { qos: 1 });
    const heard = new Promise<string>((resolve) =>
      client.once('message', (topic, payload) => resolve(`${topic} ${payload.toString()}`)),
    );
    nodeRed.send('broker', { action: 'publish', topic: 'orders/1', payload: { on: true }, qos: 1 });
    assert.equal(await heard, 'orders/1 {"on":true}');
    await assert.rejects(client.publishAsync('$SYS/x', 'x', { qos: 1 }));
    const told = new Promise<number | undefined>((resolve) =>
      client.once('disconnect', ({ reasonCode }) => resolve(reasonCode)),
    );
    nodeRed.send('broker', { action: 'kick', clientId: 'meter' });
    assert.equal(await told, 0x98);
    const events = await nodeRed.receivedBy('events', 4);
    assert.deepEqual(
      events.map(({ topic, payload }) => [
        topic,
        ...Object.values(payload as object).filter((value) => typeof value === 'string'),
      ]),
      [
        ['connected', 'meter', 'chartwire-controller'],
        ['subscribed', 'meter', 'chartwire-controller', 'orders/#'],
        ['refused', 'meter', 'chartwire-controller', 'may not publish $SYS/x'],
        ['gone', 'meter', 'chartwire-controller', 'an operator ended the connection'],
      ],
    );
    await nodeRed.statusOf('broker', /^0 clients, \d+\/s$/);
  });

  it('serves WebSockets at /mqtt of the front door, by certificate', async () => {
    const { door, identity, broker } = nodeRed.services;
    const tls = { ca: identity.ca, cert: identity.cert!, key: identity.key! };
    const url = `wss://127.0.0.1:${door.port}/mqtt`;
    const client = await mqtt.connectAsync(url, { clientId: 'web', reconnectPeriod: 0, ...tls });
    clients.push(client);
    assert.equal(broker.clients.get('web')?.identity, 'chartwire-controller');
    const heard = hear(client, 1);
    await client.subscribeAsync('web/#');
    await client.publishAsync('web/1', 'x', { qos: 1 });
    assert.equal((await heard)[0]?.topic, 'web/1');
  });

  it('gives what it cannot do to Catch', async () => {
    nodeRed.send('broker', { action: 'kick', clientId: 'nobody' });
    assert.match(errorText((await nodeRed.receivedBy('caught', 1))[0]!), /MESSAGE_INVALID.*nobody/);
  });
});
