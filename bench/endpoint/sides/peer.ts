import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { peerEndpoint } from '../../../src/endpoints/peer/index.ts';
import { fingerprintOf } from '../../../src/security/certificates.ts';
import { payload, type Protocol } from '../side.ts';
import { sideOf } from './ours.ts';

/** One line for each message and one back: the least a program can do with a TLS socket. */
export const protocol: Protocol = {
  async ours({ identities: { server, client } }) {
    const listener = await peerEndpoint.listen({ ...server, pins: [fingerprintOf(client.cert)] });
    return await sideOf(
      peerEndpoint.connect({ url: listener.url, tls: client, pin: fingerprintOf(server.cert) }),
      listener,
    );
  },
  async bare({ identities: { ca, server, client } }) {
    let received = 0;
    const listener = createServer({ ...server, ca, requestCert: true, minVersion: 'TLSv1.3' }, (socket) => {
      onLine(socket, () => {
        received += 1;
        socket.write('ok\n');
      });
    });
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const socket = connect({ host: '127.0.0.1', port: (listener.address() as AddressInfo).port, ca, ...client });
    await once(socket, 'secureConnect');
    const waiting: (() => void)[] = [];
    onLine(socket, () => waiting.shift()?.());
    const line = `${payload.toString('latin1')}\n`;
    const send = (): Promise<void> =>
      new Promise((resolve) => {
        waiting.push(resolve);
        socket.write(line);
      });
    return { send, received: () => received };
  },
};

function onLine(socket: TLSSocket, listener: (line: string) => void): void {
  let held = '';
  socket.setNoDelay(true);
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    const lines = (held + text).split('\n');
    held = lines.pop() ?? '';
    for (const line of lines) listener(line);
  });
}
