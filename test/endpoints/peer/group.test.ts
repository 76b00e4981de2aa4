import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:tls';
import { peerEndpoint, type PeerLink, type PeerListener, type Presence } from '../../../src/endpoints/peer/index.ts';
import { codeOf, next, nextTexts, testLimits, textMessage, textOf } from '../../contract/world.ts';
import { selfSigned, type SelfSigned } from './self-signed.ts';

describe('a listener of peers', () => {
  let server: SelfSigned;
  let one: SelfSigned;
  let two: SelfSigned;
  let listener: PeerListener;
  const open: PeerLink[] = [];

  const link = (tls: SelfSigned): PeerLink => {
    const opened = peerEndpoint.connect({ url: listener.url, tls, pin: server.fingerprint, ...testLimits });
    open.push(opened);
    return opened;
  };
  before(async () => {
    [server, one, two] = [await selfSigned('server'), await selfSigned('cert one'), await selfSigned('cert two')];
  });
  const listen = async (more: { readonly sendTimeoutMs?: number } = {}): Promise<void> => {
    const pins = [{ name: 'one', fingerprint: one.fingerprint }, two.fingerprint];
    listener = await peerEndpoint.listen({ ...server, pins, maxInFlight: 4, maxWaiting: 8, ...more });
  };
  beforeEach(() => listen());
  afterEach(async () => {
    await Promise.all(open.splice(0).map(async (each) => await each.close()));
    await listener.close();
  });

  it('sends to one by name or fingerprint, to several, to all, and to nobody it does not know', async () => {
    const [first, second] = [link(one), link(two)];
    await Promise.all([first.ready(), second.ready()]);
    const [readerOne, readerTwo] = [first.receive(), second.receive()];
    await listener.send(textMessage('t', 'for one'), { to: ['one'] });
    await listener.send(textMessage('t', 'for two'), { to: [two.fingerprint] });
    await listener.send(textMessage('t', 'for both'), { to: ['one', 'cert two'] });
    await listener.send(textMessage('t', 'for all'));
    assert.deepEqual(await nextTexts(readerOne, 3), ['for one', 'for both', 'for all']);
    assert.deepEqual(await nextTexts(readerTwo, 3), ['for two', 'for both', 'for all']);
    assert.equal(await codeOf(listener.send(textMessage('t', 'x'), { to: ['one', 'three'] })), 'PEER_UNKNOWN');
    assert.equal(await codeOf(first.send(textMessage('t', 'x'), { to: ['somebody'] })), 'PEER_UNKNOWN');
    const reader = listener.receive();
    await first.send(textMessage('t', 'up'), { to: ['server'] });
    assert.equal((await next(reader)).from, 'one');
  });

  it('tells who joined, by what path, how far away, and who left; both sides', async () => {
    const [here, there]: [Presence[], Presence[]] = [[], []];
    listener.onPresence((presence) => here.push(presence));
    const first = link(one);
    first.onPresence((presence) => there.push(presence));
    await first.ready();
    while (!here.some(({ event }) => event === 'latency')) await new Promise(setImmediate);
    while (!there.some(({ event }) => event === 'latency')) await new Promise(setImmediate);
    assert.ok((listener.peers()[0]?.latencyMs ?? -1) >= 0);
    assert.equal(first.peers()[0]?.name, 'server');
    await first.close();
    while (here.at(-1)?.event !== 'left') await new Promise(setImmediate);
    assert.deepEqual([here[0]?.event, here[0]?.name, here[0]?.path], ['joined', 'one', 'lan']);
    assert.deepEqual([there[0]?.event, there.at(-1)?.event], ['joined', 'left']);
    assert.deepEqual(listener.peers(), []);
  });

  it('lets a peer that takes nothing hold up nobody, nor its memory grow', async () => {
    await listener.close();
    await listen({ sendTimeoutMs: 2_000 });
    const stalled = connect({ host: '127.0.0.1', port: listener.port, ...one, rejectUnauthorized: false });
    stalled.on('error', () => undefined);
    await once(stalled, 'data');
    stalled.pause();
    const second = link(two);
    await second.ready();
    const reader = second.receive();
    const payload = Buffer.alloc(200_000);
    const codes: Promise<unknown>[] = [];
    for (let count = 0; count < 60; count += 1) {
      codes.push(codeOf(listener.send({ topic: 't', payload })));
      assert.equal((await next(reader)).payload.byteLength, payload.length);
    }
    assert.ok(new Set(await Promise.all(codes)).has('QUEUE_FULL'));
    stalled.destroy();
  });

  it('sends unreliably without a wait, also large messages', async () => {
    const first = link(one);
    await first.ready();
    const reader = first.receive();
    await listener.send(textMessage('t', 'now'), { reliable: false });
    await listener.send({ topic: 't', payload: Buffer.alloc(100_000, 3) }, { reliable: false, to: ['one'] });
    assert.equal(textOf(await next(reader)), 'now');
    assert.equal((await next(reader)).payload.byteLength, 100_000);
  });
});
