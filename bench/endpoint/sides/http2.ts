import { once } from 'node:events';
import { connect, createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { http2Endpoint } from '../../../src/endpoints/http2/index.ts';
import { openDoor } from '../../../src/front-door/open-door.ts';
import { payload, type Protocol } from '../side.ts';
import { sideOf } from './ours.ts';

/** One POST for each message, answered when its body has been read. */
export const protocol: Protocol = {
  async ours({ identities: { ca, server, client } }) {
    const door = await openDoor({ host: '127.0.0.1', port: 0, ...server, ca });
    const listener = await http2Endpoint.listen({ door, path: '/bench' });
    const url = `https://127.0.0.1:${door.port}/bench`;
    return await sideOf(http2Endpoint.connect({ url, tls: { ca, ...client } }), listener);
  },
  async bare({ identities: { ca, server, client } }) {
    let received = 0;
    const listener = createSecureServer({ ...server, ca, requestCert: true });
    listener.on('stream', (stream) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (Buffer.concat(chunks).length === payload.length) received += 1;
        stream.respond({ ':status': 204 }, { endStream: true });
      });
    });
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const session = connect(`https://127.0.0.1:${(listener.address() as AddressInfo).port}`, { ca, ...client });
    const post = (): Promise<void> =>
      new Promise((resolve, reject) => {
        const request = session.request({ ':method': 'POST', ':path': '/bench/one' });
        request.on('error', reject);
        request.on('response', ({ ':status': status }) => {
          if (status === 204) resolve();
          else reject(new Error(`status ${status}`));
        });
        request.resume();
        request.end(payload);
      });
    return { send: post, received: () => received };
  },
};
