// A broker with a file, in a process that can be killed. Says its port to who started it.
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { openBroker } from '../../src/broker/open-broker.ts';

const [file = ''] = process.argv.slice(2);
const broker = await openBroker({ file, authorize: () => true, limits: { maxQueuedMessages: 1_000_000 } });
const server = createServer((socket) => broker.handle(socket));
await once(server.listen(0, '127.0.0.1'), 'listening');
process.send?.((server.address() as AddressInfo).port);
process.once('disconnect', () => process.exit(0));
