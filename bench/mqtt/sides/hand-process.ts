import { connectAsync, type MqttClient } from 'mqtt';
import type { Socket } from 'node:net';
import { answerQuestions } from '../../child.ts';
import type { Qos } from '../load/bytes.ts';

/** A bridge as somebody would write it who knows mqtt.js and switches Nagle's delay off. */
let client: MqttClient | undefined;

answerQuestions(async ({ port, ca, qos }: { port: number; ca: string | undefined; qos: Qos }) => {
  await client?.endAsync(true);
  client = await connectAsync(`${ca === undefined ? 'mqtt' : 'mqtts'}://127.0.0.1:${port}`, {
    protocolVersion: 4,
    ...(ca !== undefined && { ca }),
  });
  const connected = client;
  (connected.stream as unknown as Socket).setNoDelay(true);
  connected.on('message', (_topic, payload) => void connected.publish('bench/out', payload, { qos }));
  await connected.subscribeAsync('bench/in', { qos });
});
