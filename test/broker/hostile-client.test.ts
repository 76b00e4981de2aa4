import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import * as fc from 'fast-check';
import { brokerWorld, closing, hear, type BrokerWorld } from './broker-world.ts';
import {
  connectPacket,
  disconnectPacket,
  publishPacket,
  subscribePacket,
  unsubscribePacket,
  type Version,
} from './raw-packets.ts';

const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'id', 'conn'];

describe('A hostile client', () => {
  let world: BrokerWorld;
  beforeEach(async () => {
    world = await brokerWorld({ limits: { maxQueuedMessages: 10, maxRetained: 3 } });
  });
  afterEach(() => world[Symbol.asyncDispose]());

  /** The broker still serves others. */
  async function lives(): Promise<void> {
    const client = await world.connect();
    const heard = hear(client, 1);
    await client.subscribeAsync('life');
    await client.publishAsync('life', 'yes', { qos: 1 });
    assert.equal((await heard)[0]?.text, 'yes');
    await client.endAsync();
  }

  /** Sends packets as they are after a CONNECT and waits until the connection is over. */
  async function send(version: Version, ...packets: Buffer[]): Promise<void> {
    const socket = connect(world.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume();
    socket.write(Buffer.concat([connectPacket(version, 'hostile'), ...packets, disconnectPacket()]));
    await once(socket, 'close');
  }

  for (const name of NAMES) {
    it(`may be called ${name}`, async () => {
      const client = await world.connect({ clientId: name });
      const again = closing(client);
      await world.connect({ clientId: name, protocolVersion: 4 });
      await again;
      await lives();
    });

    it(`may name a topic ${name}`, async () => {
      for (const version of [4, 5] as const) {
        await send(version, subscribePacket(version, [name, 'a']), unsubscribePacket(version, [name, 'b']));
        await send(version, subscribePacket(version, [name]), publishPacket(version, name));
      }
      await lives();
    });
  }

  it('cannot break in with malformed filters or topics', async () => {
    const filters = ['a#', '#/a', 'a+', '+a/b', 'a/'.repeat(200), 'a\u0000b'];
    for (const version of [4, 5] as const) {
      for (const filter of filters) {
        await send(version, subscribePacket(version, [filter]));
        await send(version, subscribePacket(version, ['a', filter]), publishPacket(version, filter));
      }
    }
    await lives();
  });

  it('cannot stay without saying CONNECT', async () => {
    await using hasty = await brokerWorld({ limits: { connectTimeoutMs: 200 } });
    const socket = connect(hasty.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume();
    await once(socket, 'close');
  });

  it('cannot have more messages kept than the limit', async () => {
    const session = { clientId: 'sleeper', clean: false, properties: { sessionExpiryInterval: 60 } };
    const sleeper = await world.connect(session);
    await sleeper.subscribeAsync(['a', 'end'], { qos: 1 });
    await sleeper.endAsync();
    for (let count = 0; count < 30; count += 1)
      await world.broker.publish({ topic: 'a', payload: Buffer.from(`${count}`), qos: 1 });
    const awake = world.start(session);
    const kept = await hear(awake, 10);
    assert.deepEqual(
      kept.map(({ text }) => text),
      Array.from({ length: 10 }, (_, index) => `${index}`),
    );
    const next = hear(awake, 1);
    await world.broker.publish({ topic: 'end', payload: Buffer.from('live'), qos: 1 });
    assert.equal((await next)[0]?.text, 'live');
  });

  it('cannot retain on more topics than the limit', async () => {
    const client = await world.connect();
    const retain = { retain: true, qos: 1 } as const;
    for (const topic of ['a', 'b', 'c', 'a']) await client.publishAsync(topic, 'x', retain);
    await assert.rejects(client.publishAsync('d', 'x', retain), { code: 0x97 });
    await client.publishAsync('a', '', retain);
    await client.publishAsync('d', 'x', retain);
  });

  it('cannot end the broker with any bytes', async () => {
    const start = connectPacket(5, 'fuzz');
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(bytes, fc.boolean(), async (noise, connected) => {
        const socket = connect(world.port, '127.0.0.1');
        socket.on('error', () => undefined);
        socket.resume();
        socket.end(connected ? Buffer.concat([start, noise]) : noise);
        await once(socket, 'close');
      }),
      { numRuns: 300 },
    );
    await lives();
  });
});
