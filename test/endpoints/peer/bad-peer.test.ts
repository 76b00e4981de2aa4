import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectPlain } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { peerEndpoint, type PeerListener } from '../../../src/endpoints/peer/index.ts';
import { encodeFrame, type Frame } from '../../../src/endpoint/frame.ts';
import { isFault } from '../../../src/fault.ts';
import { next, stateOf, testLimits, textMessage, textOf } from '../../contract/world.ts';
import { collecting, withLength } from './collecting.ts';
import { selfSigned, type SelfSigned } from './self-signed.ts';

describe('a peer survives', () => {
  let server: SelfSigned;
  let client: SelfSigned;
  let listener: PeerListener;
  let told: string[];

  before(async () => {
    server = await selfSigned('server');
    client = await selfSigned('client');
  });
  beforeEach(async () => {
    told = [];
    listener = await peerEndpoint.listen({
      ...server,
      pins: [client.fingerprint],
      onRefusal: (source, problem) => told.push(`${source}: ${problem}`),
    });
  });
  afterEach(async () => {
    // Whatever happened, a well-behaved link is served.
    const reader = listener.receive();
    const link = peerEndpoint.connect({ url: listener.url, tls: client, pin: server.fingerprint, ...testLimits });
    await link.send(textMessage('t', 'still here'));
    assert.equal(textOf(await next(reader)), 'still here');
    await link.close();
    await listener.close();
  });

  /** A connection that is let in and then does as it likes. */
  const intrude = async ({ port } = listener): Promise<TLSSocket> => {
    const { cert, key } = client;
    const socket = connect({ host: '127.0.0.1', port, cert, key, rejectUnauthorized: false });
    socket.on('error', () => undefined);
    await once(socket, 'data');
    return socket;
  };

  it('garbage where a handshake belongs, and counts it', async () => {
    const socket = connectPlain(listener.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
    socket.resume();
    await once(socket, 'close');
    assert.equal(listener.refused, 1);
  });

  it('connections of one address that never begin their handshake: they leave room for others', async () => {
    const small = await peerEndpoint.listen({ ...server, pins: [client.fingerprint], maxConnections: 4 });
    const idle = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const socket = connectPlain({ port: small.port, host: '127.0.0.1', localAddress: '127.0.0.2' });
        socket.on('error', () => undefined).resume();
        await once(socket, 'connect');
        return socket;
      }),
    );
    const link = peerEndpoint.connect({ url: small.url, tls: client, pin: server.fingerprint, ...testLimits });
    await link.ready();
    assert.ok(small.refused > 0);
    assert.ok(idle.some((socket) => !socket.destroyed));
    for (const socket of idle) socket.destroy();
    await link.close();
    await small.close();
  });

  it('a connection that never begins its handshake: it does not hold up the close', async () => {
    const other = await peerEndpoint.listen({ ...server, pins: [] });
    const idle = connectPlain(other.port, '127.0.0.1');
    idle.on('error', () => undefined).resume();
    await once(idle, 'connect');
    const ended = once(idle, 'close');
    await other.close();
    await ended;
  });

  for (const [what, bytes] of [
    ['an unknown frame type', withLength(Buffer.from([99, 0, 0, 0, 1, 0, 0]))],
    ['a frame of no bytes', withLength(Buffer.alloc(0))],
    ['a header longer than its frame', withLength(Buffer.from([1, 0, 0, 0, 1, 255, 255]))],
    ['a header that is no JSON', withLength(Buffer.from([1, 0, 0, 0, 1, 0, 1, 0x7b]))],
    ['a topic that is a number', dataFrame('{"topic":1}')],
    ['a property named __proto__', dataFrame('{"topic":"t","properties":{"__proto__":"x"}}')],
    ['a frame of four gigabytes', Buffer.alloc(64, 0xff)],
    ['text', Buffer.from('hello, is anybody there?\n')],
  ] as const) {
    it(`${what}: tells why and ends the connection`, async () => {
      const socket = await intrude();
      socket.write(bytes);
      const refusal = await refusalOn(socket);
      assert.equal(`${refusal.id} ${refusal.code}`, '0 MESSAGE_INVALID');
      await once(socket, 'close');
      assert.equal(listener.refused, 1);
      assert.equal(told.length, 1);
      assert.ok(told[0]!.startsWith(`${client.fingerprint}: `), told[0]);
    });
  }

  it('a payload above its limit: refuses that one, without holding it', async () => {
    const socket = await intrude();
    const reader = listener.receive();
    socket.write(data(7, new Uint8Array(3_000_000)));
    const refusal = await refusalOn(socket);
    assert.equal(`${refusal.id} ${refusal.code}`, '7 PAYLOAD_TOO_LARGE');
    for (let id = 8; id < 58; id += 1) socket.write(data(id, new Uint8Array(300_000)));
    socket.write(data(58, Buffer.from('small')));
    assert.equal(textOf(await next(reader)), 'small');
    assert.equal(listener.refused, 51);
    assert.equal(told.length, 1);
    socket.destroy();
  });

  it('acknowledgements and refusals of messages it never sent', async () => {
    const socket = await intrude();
    const reader = listener.receive();
    for (const id of [5, 6, 4_294_967_295]) socket.write(framed({ type: 'ack', id }));
    socket.write(framed({ type: 'refuse', id: 9, code: 'X', reason: 'y' }));
    socket.write(data(1, Buffer.from('fine')));
    assert.equal(textOf(await next(reader)), 'fine');
    socket.destroy();
  });

  it('a far side that falls silent: gone after keepAliveMs', async () => {
    const strict = await peerEndpoint.listen({ ...server, pins: [client.fingerprint], keepAliveMs: 300 });
    const socket = await intrude(strict);
    socket.resume();
    await once(socket, 'close');
    while (strict.connections > 0) await new Promise(setImmediate);
    await strict.close();
  });

  it('a server that never lets it in: waits and tries again', async () => {
    const silent = createServer({ cert: server.cert, key: server.key }, (socket) =>
      socket.on('error', () => undefined).resume(),
    );
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const url = `peer://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const link = peerEndpoint.connect({ url, tls: client, pin: server.fingerprint, ...testLimits, keepAliveMs: 200 });
    const state = await stateOf(link, 'waiting');
    assert.ok(state.name === 'waiting' && isFault(state.cause) && state.cause.code === 'FAR_SIDE_GONE');
    await link.close();
    const closed = once(silent, 'close');
    silent.close();
    await closed;
  });
});

/** The next refusal; pings are passed over. */
async function refusalOn(socket: TLSSocket): Promise<Extract<Frame, { type: 'refuse' }>> {
  const { frames, splitter } = collecting(0);
  for (;;) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    splitter.push(chunk);
    const refusal = frames.find((frame) => frame.type === 'refuse');
    if (refusal !== undefined) return refusal;
  }
}

function framed(frame: Frame): Buffer {
  return withLength(encodeFrame(frame));
}

function data(id: number, payload: Uint8Array): Buffer {
  return framed({ type: 'data', id, message: { topic: 't', payload } });
}

function dataFrame(header: string): Buffer {
  return withLength(Buffer.concat([Buffer.from([1, 0, 0, 0, 1, 0, header.length]), Buffer.from(header)]));
}
