import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import mqtt, { type MqttClient } from 'mqtt';
import { WebSocket } from 'ws';
import { openBroker } from '../../src/broker/open-broker.ts';
import type { Broker } from '../../src/broker/broker.ts';
import { webSocketsOf } from '../../src/broker/web-sockets.ts';
import { hear } from './broker-world.ts';
import { connectPacket } from './raw-packets.ts';

describe('MQTT over WebSockets [MQTT 5, 6.0]', () => {
  let broker: Broker;
  let server: Server;
  let url: string;
  const clients: MqttClient[] = [];
  before(async () => {
    broker = await openBroker({ authorize: () => true });
    const take = webSocketsOf(broker);
    server = createServer().on('upgrade', (request, stream, head: Buffer) => take(request, stream, head, undefined));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/mqtt`;
  });
  after(async () => {
    await Promise.all(clients.map((client) => client.endAsync(true)));
    await broker.close();
    await once(server.close(), 'close');
  });

  for (const protocolVersion of [3, 4, 5] as const) {
    it(`carries messages of level ${protocolVersion}, small and large`, async () => {
      const level = { protocolVersion, protocolId: protocolVersion === 3 ? 'MQIsdp' : 'MQTT' } as const;
      const client = await mqtt.connectAsync(url, { ...level, clientId: `ws-${protocolVersion}`, reconnectPeriod: 0 });
      clients.push(client);
      await client.subscribeAsync('a/#', { qos: 2 });
      const heard = hear(client, 3);
      await client.publishAsync('a/0', 'zero', { qos: 0 });
      await client.publishAsync('a/1', 'x'.repeat(200_000), { qos: 1 });
      await client.publishAsync('a/2', 'two', { qos: 2 });
      assert.deepEqual(
        (await heard).map(({ topic, text }) => [topic, text.length]),
        [
          ['a/0', 4],
          ['a/1', 200_000],
          ['a/2', 3],
        ],
      );
    });
  }

  it('takes packets cut and joined by frames as they come [6.0.0-2]', async () => {
    const socket = new WebSocket(url, ['mqtt']);
    await once(socket, 'open');
    assert.equal(socket.protocol, 'mqtt');
    const bytes = Buffer.concat([connectPacket(4, 'cut'), Buffer.from('c000', 'hex')]);
    const got: Buffer[] = [];
    const answered = new Promise<void>((resolve) => {
      socket.on('message', (data: Buffer, isBinary) => {
        assert.ok(isBinary);
        got.push(data);
        if (Buffer.concat(got).length === 6) resolve();
      });
    });
    for (const byte of bytes.subarray(0, 5)) socket.send(Buffer.from([byte]));
    socket.send(bytes.subarray(5));
    await answered;
    assert.equal(Buffer.concat(got).toString('hex'), '20020000d000');
    socket.terminate();
    await once(socket, 'close');
  });

  it('ends a connection that sends text [6.0.0-1]', async () => {
    const socket = new WebSocket(url, ['mqtt']);
    await once(socket, 'open');
    socket.send('hello');
    await once(socket, 'close');
  });

  for (const [what, protocols, headers, status] of [
    ['one without the subprotocol [6.0.0-3]', [], {}, 400],
    ['one of another protocol', ['chat'], {}, 400],
    ['a page of another origin', ['mqtt'], { origin: 'https://elsewhere.example' }, 403],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const socket = new WebSocket(url, [...protocols], { headers });
      const [error] = (await once(socket, 'error').catch((problem: unknown) => [problem])) as [Error];
      assert.match(error.message, new RegExp(`${status}`));
    });
  }
});
