import assert from 'node:assert/strict';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { makeIdentities } from '../../../bench/endpoint/identities.ts';
import { startLoad, type Load } from '../../../bench/mqtt/load/load.ts';

/** A bridge that does with each message whatever is said; an independent client. */
async function bridge(
  port: number,
  act: (client: MqttClient, payload: Buffer) => void,
  options: IClientOptions = { protocol: 'mqtt' },
): Promise<AsyncDisposable> {
  const client = connect({ host: '127.0.0.1', port, protocolVersion: 5, reconnectPeriod: 0, ...options });
  client.on('message', (_topic, payload) => act(client, payload));
  await new Promise<unknown>((resolve) => client.once('connect', resolve));
  await client.subscribeAsync('bench/in', { qos: 1 });
  return { [Symbol.asyncDispose]: () => client.endAsync(true) };
}

async function expectedPort(load: Load): Promise<number> {
  const port = Number(await load.ask({ do: 'listen', identity: undefined }));
  await load.ask({ do: 'expect', port, qos: 1, payload: 16, window: 8 });
  return port;
}

describe('the load generator', () => {
  it('counts what a bridge carries over, at full speed and at a rate', async () => {
    await using load = startLoad();
    const port = await expectedPort(load);
    await using _bridge = await bridge(port, (client, payload) => client.publish('bench/out', payload, { qos: 1 }));
    await load.ask({ do: 'meet', port, key: 'bridge' });
    const fast = await load.run('bridge', 50);
    assert.ok(fast.messages >= 8);
    assert.ok(fast.p50Us > 0 && fast.p50Us <= fast.p99Us);
    assert.equal((await load.run('bridge', 100, 100)).messages, 10);
  });

  it('counts over TLS too, where acknowledgements and messages wait for each other', async () => {
    const { ca, server } = await makeIdentities();
    await using load = startLoad();
    const port = Number(await load.ask({ do: 'listen', identity: server }));
    await load.ask({ do: 'expect', port, qos: 2, payload: 1024, window: 256 });
    const echo = (client: MqttClient, payload: Buffer): unknown => client.publish('bench/out', payload, { qos: 2 });
    await using _bridge = await bridge(port, echo, { protocol: 'mqtts', ca });
    await load.ask({ do: 'meet', port, key: 'bridge' });
    assert.ok((await load.run('bridge', 200)).messages > 256);
  });

  const damages: readonly { what: string; damage: (payload: Buffer, number: number) => Buffer[]; problem: RegExp }[] = [
    {
      what: 'comes twice',
      damage: (payload, number) => (number === 3 ? [payload, payload] : [payload]),
      problem: /arrived where/,
    },
    { what: 'is lost', damage: (payload, number) => (number === 3 ? [] : [payload]), problem: /arrived where/ },
    { what: 'is cut', damage: (payload) => [payload.subarray(1)], problem: /damaged/ },
  ];
  for (const { what, damage, problem } of damages) {
    it(`gives no rate when a message ${what}`, async () => {
      await using load = startLoad();
      const port = await expectedPort(load);
      let number = 0;
      await using _bridge = await bridge(port, (client, payload) => {
        for (const copy of damage(payload, (number += 1))) client.publish('bench/out', copy, { qos: 1 });
      });
      await load.ask({ do: 'meet', port, key: 'bridge' });
      await assert.rejects(load.run('bridge', 50), problem);
    });
  }
});
