import { HandPost, peerEndpoint } from '../../src/endpoints/peer/index.ts';
import { fingerprintOf } from '../../src/security/certificates.ts';
import type { Side, SideSettings } from './side.ts';

const LOOPBACK = '127.0.0.1';

/** Our endpoint on that path. */
export async function ours({ server, client, payloadBytes }: SideSettings, path: 'lan' | 'direct'): Promise<Side> {
  const [here, there] = [new HandPost(), new HandPost()];
  const ice = { bindAddress: LOOPBACK };
  const listener = await peerEndpoint.listen({ ...server, pins: [fingerprintOf(client.cert)], posts: [there], ice });
  const link = peerEndpoint.connect({
    ...(path === 'lan' ? { url: listener.url } : { post: here, ice }),
    tls: client,
    pin: fingerprintOf(server.cert),
  });
  here.onText((text) => void there.take(text));
  there.onText((text) => void here.take(text));
  await link.ready();
  let received = 0;
  const reader = listener.receive();
  void (async () => {
    for await (const _message of reader) received += 1;
  })();
  const message = { topic: 'bench/one', payload: Buffer.alloc(payloadBytes, 'chartwire') };
  return { send: () => link.send(message), received: () => received };
}
