import { peerEndpoint, Rendezvous, RendezvousPost, openStun } from '../../../src/endpoints/peer/index.ts';
import { openDoor } from '../../../src/front-door/open-door.ts';
import type { NatQuestion } from './through-nats.ts';

/** One of the three hosts; what it is comes as the first message, and it ends with its parent. */
const question = await new Promise<NatQuestion>((resolve) =>
  process.once('message', (said) => resolve(said as NatQuestion)),
);
process.once('disconnect', () => process.exit(0));

if (question.host === 'public') {
  const { address, tls, ca, pins } = question;
  const door = await openDoor({ host: address, port: 0, ...tls, ca });
  const rendezvous = new Rendezvous({ door, path: '/peer', pins });
  await openStun({ host: address, port: door.port });
  process.send?.({ url: rendezvous.url, stun: `${address}:${door.port}` });
} else {
  const { host, url, stun, identity, ca, pin } = question;
  const post = new RendezvousPost({ url, identity, ca, role: host });
  const ice = { stun: [stun] };
  if (post.state.name !== 'up') {
    await new Promise<void>((resolve) => post.onState(({ name }) => name === 'up' && resolve()));
  }
  if (host === 'listener') {
    const listener = await peerEndpoint.listen({ ...identity, pins: [pin], posts: [post], ice });
    listener.receive({ highWaterMark: 1_000_000 });
    process.send?.({});
  } else {
    const began = performance.now();
    const link = peerEndpoint.connect({ tls: identity, pin, post, ice, upgradeFirstMs: 500 });
    await link.ready();
    const connectMs = performance.now() - began;
    // A slow machine takes the relay first, and comes to the direct path from there.
    if (question.until === 'direct') {
      while (link.peers()[0]?.path !== 'direct') await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const message = { topic: 't', payload: Buffer.alloc(100) };
    const times: number[] = [];
    for (let count = 0; count < 1_000; count += 1) {
      const sentAt = performance.now();
      await link.send(message);
      times.push(performance.now() - sentAt);
    }
    times.sort((one, other) => one - other);
    process.send?.({ path: link.peers()[0]?.path, connectMs, p50Ms: times[500] });
  }
}
