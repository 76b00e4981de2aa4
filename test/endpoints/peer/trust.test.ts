import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:tls';
import { encodeFrame } from '../../../src/endpoint/frame.ts';
import { peerEndpoint, type PeerLinkSettings, type PeerListener } from '../../../src/endpoints/peer/index.ts';
import { isFault } from '../../../src/fault.ts';
import { fingerprintOf } from '../../../src/security/certificates.ts';
import { next, stateOf, testLimits, textMessage, textOf } from '../../contract/world.ts';
import { selfSigned, type SelfSigned } from './self-signed.ts';
import { openIdentities } from './world.ts';

describe('peers trust', () => {
  let server: SelfSigned;
  let client: SelfSigned;
  let stranger: SelfSigned;
  let listener: PeerListener;

  const link = (more: Partial<PeerLinkSettings> = {}): ReturnType<typeof peerEndpoint.connect> =>
    peerEndpoint.connect({ url: listener.url, tls: client, pin: server.fingerprint, ...testLimits, ...more });

  before(async () => {
    server = await selfSigned('server');
    client = await selfSigned('client');
    stranger = await selfSigned('stranger');
  });
  beforeEach(async () => {
    listener = await peerEndpoint.listen({ ...server, pins: [client.fingerprint] });
  });
  afterEach(async () => await listener.close());

  it('self-signed identities by their fingerprints, and know each other by name', async () => {
    await using open = link();
    await open.ready();
    const [here, there] = [open.receive(), listener.receive()];
    await open.send(textMessage('t', 'up'));
    await listener.send(textMessage('t', 'down'));
    assert.equal((await next(there)).from, 'client');
    assert.equal((await next(here)).from, 'server');
    assert.equal(listener.refused, 0);
  });

  it('a fingerprint as openssl prints it', async () => {
    const pin = server.fingerprint.toUpperCase().replaceAll(/..(?=.)/g, '$&:');
    await using open = link({ pin });
    await open.ready();
  });

  it('no client whose fingerprint is not listed: it is told why, counted, and never heard', async () => {
    const reader = listener.receive();
    await using refused = link({ tls: stranger });
    const names: string[] = [];
    refused.onState(({ name }) => names.push(name));
    void refused.send(textMessage('t', 'from a stranger')).catch(() => undefined);
    const state = await stateOf(refused, 'waiting');
    assert.ok(state.name === 'waiting' && isFault(state.cause));
    assert.equal(state.cause.code, 'LINK_REFUSED');
    assert.match(state.cause.message, new RegExp(stranger.fingerprint));
    assert.ok(listener.refused > 0);
    assert.equal(listener.connections, 0);
    assert.ok(!names.includes('up'));
    await using friend = link();
    await friend.send(textMessage('t', 'from a friend'));
    assert.equal(textOf(await next(reader)), 'from a friend');
  });

  it('no stranger that speaks before it is asked', async () => {
    const reader = listener.receive();
    const { cert, key } = stranger;
    const socket = connect({ host: '127.0.0.1', port: listener.port, cert, key, rejectUnauthorized: false });
    const frame = encodeFrame({ type: 'data', id: 1, message: { topic: 't', payload: Buffer.from('let me in') } });
    socket.write(Buffer.concat([Buffer.from([0, 0, 0, frame.length]), frame]));
    socket.on('error', () => undefined).resume();
    await once(socket, 'close');
    await using friend = link();
    await friend.send(textMessage('t', 'from a friend'));
    assert.equal(textOf(await next(reader)), 'from a friend');
  });

  it('no server but the pinned one, and the fault names what it showed', async () => {
    await using open = link({ pin: stranger.fingerprint });
    const state = await stateOf(open, 'waiting');
    assert.ok(state.name === 'waiting' && isFault(state.cause));
    assert.equal(state.cause.code, 'FAR_SIDE_UNTRUSTED');
    assert.match(state.cause.message, new RegExp(server.fingerprint));
  });

  it('with a CA on top, only who is pinned and signed', async () => {
    await using identities = await openIdentities();
    const [one, two] = [await identities.peer('one'), await identities.peer('two')];
    const { ca } = identities.authority;
    await using strict = await peerEndpoint.listen({ ...one, ca, pins: [two.fingerprint, client.fingerprint] });
    await using good = peerEndpoint.connect({
      url: strict.url,
      tls: { ...two, ca },
      pin: one.fingerprint,
      ...testLimits,
    });
    await good.ready();
    await using unsigned = peerEndpoint.connect({ url: strict.url, tls: client, pin: one.fingerprint, ...testLimits });
    const refusal = await stateOf(unsigned, 'waiting');
    assert.ok(refusal.name === 'waiting' && isFault(refusal.cause));
    assert.equal(refusal.cause.code, 'LINK_REFUSED');
    await using doubting = link({ tls: { ...client, ca } });
    const state = await stateOf(doubting, 'waiting');
    assert.ok(state.name === 'waiting' && isFault(state.cause));
    assert.equal(state.cause.code, 'FAR_SIDE_UNTRUSTED');
    assert.equal(strict.connections, 1);
  });

  it('with a CA on top, nobody whose certificate has expired, there or here', async () => {
    await using identities = await openIdentities();
    const { authority } = identities;
    const { ca } = authority;
    const one = await identities.peer('one');
    const issued = await authority.issuePeer({ commonName: 'two', names: [], days: -1 });
    const expired = { ...issued, fingerprint: fingerprintOf(issued.cert) };
    await using strict = await peerEndpoint.listen({ ...one, ca, pins: [expired.fingerprint] });
    await using late = peerEndpoint.connect({ url: strict.url, tls: expired, pin: one.fingerprint, ...testLimits });
    const refusal = await stateOf(late, 'waiting');
    assert.ok(refusal.name === 'waiting' && isFault(refusal.cause));
    assert.equal(refusal.cause.code, 'LINK_REFUSED');
    assert.match(refusal.cause.message, /not a valid one of our CA/);
    await using lax = await peerEndpoint.listen({ ...expired, pins: [one.fingerprint] });
    await using doubting = peerEndpoint.connect({
      url: lax.url,
      tls: { ...one, ca },
      pin: expired.fingerprint,
      ...testLimits,
    });
    const state = await stateOf(doubting, 'waiting');
    assert.ok(state.name === 'waiting' && isFault(state.cause));
    assert.equal(state.cause.code, 'FAR_SIDE_UNTRUSTED');
    assert.ok(strict.refused > 0);
    assert.deepEqual([strict.connections, lax.connections], [0, 0]);
  });

  it('says at once which setting is wrong', async () => {
    assert.throws(() => link({ pin: 'abc' }), { code: 'SETTINGS_INVALID' });
    assert.throws(() => link({ url: 'https://127.0.0.1:1' }), { code: 'SETTINGS_INVALID' });
    await assert.rejects(peerEndpoint.listen({ ...server, pins: ['?'] }), { code: 'SETTINGS_INVALID' });
    await assert.rejects(peerEndpoint.listen({ ...server, pins: [], port: listener.port }), { code: 'PORT_TAKEN' });
  });
});
