import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { openBroker } from '../../src/broker/open-broker.ts';
import type { Broker } from '../../src/broker/broker.ts';
import { identityOf } from '../../src/front-door/door.ts';
import { openAuthority, type Authority } from '../../src/security/certificates.ts';
import { hear } from './broker-world.ts';

describe('The broker behind TLS', () => {
  let folder: string;
  let authority: Authority;
  let broker: Broker;
  let server: Server;
  let clients: MqttClient[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chartwire-broker-'));
    authority = await openAuthority(folder);
    broker = await openBroker();
    clients = [];
    const own = await authority.issueServer({ names: ['localhost'] });
    server = createServer({ ...own, ca: authority.ca, requestCert: true, rejectUnauthorized: false }, (socket) =>
      broker.handle(socket, identityOf(socket)),
    );
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.endAsync(true)));
    await broker.close();
    await once(server.close(), 'close');
    await rm(folder, { recursive: true });
  });

  async function connect(more: IClientOptions): Promise<MqttClient> {
    const { port } = server.address() as AddressInfo;
    const client = await mqtt.connectAsync({
      protocol: 'mqtts',
      host: 'localhost',
      port,
      ca: authority.ca,
      protocolVersion: 5,
      reconnectPeriod: 0,
      ...more,
    });
    clients.push(client);
    return client;
  }

  it('knows a client by the name in its certificate, and only by that', async () => {
    const edge = await connect(await authority.issueClient({ commonName: 'edge-7' }));
    const desired = hear(edge, 1);
    await edge.subscribeAsync('chartwire/fleet/7/desired', { qos: 1 });
    await broker.publish({ topic: 'chartwire/fleet/7/desired', payload: Buffer.from('release'), qos: 1 });
    assert.equal((await desired)[0]?.text, 'release');

    const other = await openAuthority(join(folder, 'other'));
    const pretender = { username: 'chartwire-controller', clientId: 'chartwire-controller' };
    const strangers = [
      pretender,
      { ...pretender, ...(await other.issueClient({ commonName: 'chartwire-controller' })) },
    ];
    for (const stranger of strangers) {
      const client = await connect(stranger);
      await assert.rejects(client.publishAsync('chartwire/fleet/7/desired', 'x', { qos: 1 }), { code: 0x87 });
      await client.endAsync();
    }
  });
});
