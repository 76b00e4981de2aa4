import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import type { Socket } from 'node:net';
import { mqttEndpoint } from '../../../src/endpoints/mqtt/index.ts';
import { payload, type Protocol } from '../side.ts';
import { sideOf } from './ours.ts';

/** From one client through the broker to another: PUBACK for the sender, and the receiver has it. */
export const protocol: Protocol = {
  async ours({ identities: { ca, client }, brokerUrl: url }) {
    const tls = { ca, ...client };
    const receiver = mqttEndpoint.connect({ url, tls, subscribe: [{ filter: 'bench/#', qos: 1 }] });
    await receiver.ready();
    return await sideOf(mqttEndpoint.connect({ url, tls }), receiver);
  },
  async bare({ identities: { ca, client }, brokerUrl }) {
    const options: IClientOptions = { ca, ...client, protocolVersion: 5, ALPNProtocols: ['mqtt'] };
    const receiver = await connectFast(brokerUrl, options);
    const sender = await connectFast(brokerUrl, options);
    let received = 0;
    receiver.on('message', () => (received += 1));
    await receiver.subscribeAsync('bare/#', { qos: 1 });
    return {
      send: async () => void (await sender.publishAsync('bare/one', payload, { qos: 1 })),
      received: () => received,
    };
  },
};

/** Without Nagle's delay, as somebody who measures would write it. */
async function connectFast(url: string, options: IClientOptions): Promise<MqttClient> {
  const client = await connectAsync(url, options);
  (client.stream as unknown as Socket).setNoDelay(true);
  return client;
}
