import { peerEndpoint } from '../../../src/endpoints/peer/index.ts';

/** The other process: listens, says where, and sends back what it gets until its parent is gone. */
const { cert, key, pins, port } = JSON.parse(process.env['ECHO_SETTINGS'] ?? '') as {
  cert: string;
  key: string;
  pins: string[];
  port: number;
};
const listener = await peerEndpoint.listen({ cert, key, pins, port });
process.once('disconnect', () => void listener.close());
process.send?.(listener.url);
for await (const message of listener.receive()) await listener.send({ ...message, topic: `echo/${message.topic}` });
