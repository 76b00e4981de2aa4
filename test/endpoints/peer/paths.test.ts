import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Presence } from '../../../src/endpoints/peer/index.ts';
import { announce, watchPeers, type SeenPeer } from '../../../src/endpoints/peer/discovery.ts';
import { next, nextTexts, textMessage, textOf } from '../../contract/world.ts';
import { openMeeting } from './meeting.ts';
import '../../support/forgotten-channels.ts';

describe('a path', () => {
  it('that is relayed becomes direct when there is one; nothing is lost or overtaken, both ways', async () => {
    await using meeting = await openMeeting();
    const listener = await meeting.listen();
    const link = meeting.link({
      relayAfterMs: 0,
      direct: true,
      upgradeFirstMs: 100,
      ice: { bindAddress: '127.0.0.1' },
    });
    // The relay is up at once when a direct path is not even tried before.
    const presence: Presence[] = [];
    const moved = new Promise<void>((resolve) => {
      link.onPresence((event) => {
        presence.push(event);
        if (event.path === 'direct') resolve();
      });
    });
    const [up, down] = [listener.receive({ highWaterMark: 10_000 }), link.receive({ highWaterMark: 10_000 })];
    await link.ready();
    const seen = { done: false };
    const sends: Promise<void>[] = [];
    const texts: string[] = [];
    void moved.then(() => (seen.done = true));
    for (let index = 0; !seen.done || index < 200; index += 1) {
      texts.push(`${index}`);
      sends.push(link.send(textMessage('up', `${index}`)), listener.send(textMessage('down', `${index}`)));
      await new Promise(setImmediate);
    }
    await Promise.all(sends);
    assert.deepEqual(await nextTexts(up, texts.length), texts);
    assert.deepEqual(await nextTexts(down, texts.length), texts);
    assert.equal(link.peers()[0]?.path, 'direct');
    while (listener.peers()[0]?.path !== 'direct') await new Promise(setImmediate);
    assert.equal(listener.connections, 1);
    while (meeting.rendezvous.tunnels > 0) await new Promise(setImmediate);
  });

  it('through a relay shows the relay nothing of what is sent', async () => {
    await using meeting = await openMeeting();
    const listener = await meeting.listen();
    const link = meeting.link({ direct: false });
    const reader = listener.receive();
    const secret = 'the recipe '.repeat(500);
    await link.send(textMessage('t', secret));
    assert.equal(textOf(await next(reader)), secret);
    assert.ok(meeting.rendezvous.relayedBytes > secret.length);
    assert.equal(link.peers()[0]?.path, 'relayed');
  });

  it('by WebRTC carries messages that may be lost in packets of their own', async () => {
    await using meeting = await openMeeting();
    const listener = await meeting.listen();
    const link = meeting.link({ relayed: false });
    await link.ready();
    const reader = listener.receive();
    const big = Buffer.alloc(60_000, 5);
    // On loopback a burst of this size arrives, as a rule; repeated until one has.
    const arrived = next(reader);
    const watch = { arrived: false };
    void arrived.then(() => (watch.arrived = true));
    while (!watch.arrived) {
      await link.send({ topic: 't', payload: big }, { reliable: false });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.deepEqual(Buffer.from((await arrived).payload), big);
    await link.send({ topic: 't', payload: Buffer.alloc(0) }, { reliable: false });
  });

  it('by WebRTC leaves no process behind, and none crashes at its end, in whatever state it ends', async () => {
    for (const [way, code] of [
      ['close', 0],
      ['exit', 7],
      ['exit', 7],
    ] as const) {
      const child = spawn(process.execPath, [new URL('webrtc-process.ts', import.meta.url).pathname, way], {
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      assert.deepEqual(await once(child, 'exit'), [code, null], way);
    }
  });

  it('on this network is announced with name and fingerprint, and forgotten at the end', async () => {
    const fingerprint = 'ab'.repeat(32);
    const seen = Promise.withResolvers<SeenPeer>();
    const stop = watchPeers((peer) => {
      if (peer.fingerprint === fingerprint) seen.resolve(peer);
    });
    const liar = await announce({ name: 'liar', fingerprint: 'not one', port: 4711 });
    const announced = await announce({ name: 'plant 2', fingerprint, port: 4712 });
    const { name, url } = await seen.promise;
    assert.equal(name, 'plant 2');
    assert.match(url, /:4712$/);
    await Promise.all([stop(), announced[Symbol.asyncDispose](), liar[Symbol.asyncDispose]()]);
  });

  it('to who announces the fingerprint of another is refused by the certificate', async () => {
    await using meeting = await openMeeting();
    const listener = await meeting.listen({ host: '0.0.0.0', posts: [] });
    const pretended = 'cd'.repeat(32);
    const liar = await announce({ name: 'server', fingerprint: pretended, port: listener.port });
    const link = meeting.link({
      discover: true,
      post: meeting.post('link'),
      relayed: false,
      direct: false,
      pin: pretended,
    });
    const cause = await new Promise<Error>((resolve) =>
      link.onState((state) => state.name === 'waiting' && resolve(state.cause)),
    );
    assert.equal((cause as Error & { code: string }).code, 'FAR_SIDE_UNTRUSTED');
    await link.close();
    await liar[Symbol.asyncDispose]();
  });
});
