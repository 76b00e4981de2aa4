import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { TlsIdentity } from '../../../src/endpoint/endpoint.ts';
import { http2Endpoint, type Http2ListenSettings } from '../../../src/endpoints/http2/index.ts';
import type { Door } from '../../../src/front-door/door.ts';
import { next, nextTexts, textMessage, textOf } from '../../contract/world.ts';
import {
  askHttp1,
  askHttp2,
  openHttp2,
  rawSocket,
  untilClosed,
  type Answer,
  type Asked,
} from '../../front-door/raw.ts';
import { openTestDoor, testIdentities, type TestIdentities } from '../../front-door/test-door.ts';

const protocols = { 'HTTP/1.1': askHttp1, 'HTTP/2': askHttp2 };

describe('an http2 listener', () => {
  let identities: TestIdentities;
  let anonymous: TlsIdentity;
  let door: Door;
  const open: AsyncDisposable[] = [];

  before(async () => {
    identities = await testIdentities();
    anonymous = { ca: identities.client.ca };
  });
  beforeEach(async () => {
    door = await openTestDoor();
  });
  afterEach(async () => {
    for (const one of open.splice(0).toReversed()) await one[Symbol.asyncDispose]();
    await door.close();
  });

  const listen = async (settings: Partial<Http2ListenSettings> = {}): ReturnType<typeof http2Endpoint.listen> => {
    const listener = await http2Endpoint.listen({ door, path: '/ingest', ...settings });
    open.push(listener);
    return listener;
  };
  const connect = (tls = identities.client): ReturnType<typeof http2Endpoint.connect> => {
    const link = http2Endpoint.connect({ url: `https://127.0.0.1:${door.port}/ingest`, tls, reconnectFirstMs: 20 });
    open.push(link);
    return link;
  };

  for (const [name, askBy] of Object.entries(protocols)) {
    describe(`asked over ${name}`, () => {
      const ask = (asked: Asked, tls = identities.client): Promise<Answer> => askBy(door.port, tls, asked);
      const post = (path: string, rest: Partial<Asked> = {}, tls?: TlsIdentity): Promise<Answer> =>
        ask({ method: 'POST', path, body: 'x', ...rest }, tls);

      it('takes what any HTTP client posts', async () => {
        const reader = (await listen()).receive();
        const headers = { 'content-type': 'text/plain', 'cw-site': 'a%20b', 'cw-bad': '50%', other: 'x' };
        assert.equal((await post('/ingest/plant/line%201?ignored', { body: 'hello', headers })).status, 204);
        const message = await next(reader);
        assert.deepEqual(
          { ...message, payload: textOf(message) },
          {
            topic: 'plant/line 1',
            payload: 'hello',
            contentType: 'text/plain',
            properties: { site: 'a b', bad: '50%' },
            from: 'tester',
          },
        );
      });

      it('refuses with status, code and what to do', async () => {
        await listen({
          maxPayloadBytes: 10,
          authorize: (identity, _action, topic) => identity !== undefined && topic !== 'secret',
        });
        const refusals: [number, string, Promise<Answer>][] = [
          [400, 'MESSAGE_INVALID', post('/ingest')],
          [400, 'MESSAGE_INVALID', post('/ingest/%2B')],
          [400, 'MESSAGE_INVALID', post('/ingest/%ff')],
          [401, 'IDENTITY_MISSING', post('/ingest/t', {}, anonymous)],
          [401, 'IDENTITY_MISSING', ask({ path: '/ingest?events' }, anonymous)],
          [403, 'ACTION_FORBIDDEN', post('/ingest/secret')],
          [403, 'ORIGIN_FOREIGN', post('/ingest/t', { headers: { origin: 'https://evil.example' } })],
          [403, 'ORIGIN_FOREIGN', ask({ path: '/ingest?events', headers: { origin: 'null' } })],
          [404, 'PATH_UNKNOWN', post('/ingestion/t')],
          [405, 'METHOD_REFUSED', ask({ method: 'PUT', path: '/ingest/t', body: 'x' })],
          [405, 'METHOD_REFUSED', ask({ path: '/ingest/t' })],
          [413, 'PAYLOAD_TOO_LARGE', post('/ingest/t', { body: 'x'.repeat(11) })],
          [415, 'ENCODING_REFUSED', post('/ingest/t', { headers: { 'content-encoding': 'gzip' } })],
        ];
        for (const [status, code, answering] of refusals) {
          const { text, ...answer } = await answering;
          assert.equal(answer.status, status, text);
          const { code: told, message, next } = JSON.parse(text) as Record<string, string>;
          assert.deepEqual([told, typeof message, typeof next], [code, 'string', 'string']);
        }
        assert.equal((await ask({ method: 'PUT', path: '/ingest/t' })).headers['allow'], 'POST');
      });

      it('takes posts of a page of its own', async () => {
        await listen();
        const headers = { origin: `https://127.0.0.1:${door.port}` };
        assert.equal((await post('/ingest/t', { headers })).status, 204);
      });

      it('lets in whom authorize lets in', async () => {
        const reader = (await listen({ authorize: () => true })).receive();
        assert.equal((await post('/ingest/t', {}, anonymous)).status, 204);
        assert.match((await next(reader)).from, /127\.0\.0\.1/);
      });
    });
  }

  it('refuses a body that says it is too large before it is sent', async () => {
    await listen();
    const socket = await rawSocket(door.port, identities.client, 'http/1.1');
    socket.write('POST /ingest/t HTTP/1.1\r\nhost: here\r\ncontent-length: 9000000000\r\n\r\n');
    const [first] = (await once(socket, 'data')) as [Buffer];
    assert.match(first.toString(), /^HTTP\/1\.1 413 /);
    await untilClosed(socket);
  });

  it('ends a body without an end', async () => {
    await listen({ maxPayloadBytes: 1_000 });
    const session = await openHttp2(door.port, identities.client);
    const stream = session.request({ ':method': 'POST', ':path': '/ingest/t' });
    stream.on('error', () => undefined).resume();
    const endless = setInterval(() => stream.closed || stream.write(Buffer.alloc(500)), 5);
    const [answer] = (await once(stream, 'response')) as [{ ':status': number }];
    assert.equal(answer[':status'], 413);
    if (!stream.closed) await once(stream, 'close');
    clearInterval(endless);
    session.destroy();
  });

  it('gives up a body that does not come', async () => {
    await listen({ sendTimeoutMs: 100 });
    const socket = await rawSocket(door.port, identities.client, 'http/1.1');
    socket.write('POST /ingest/t HTTP/1.1\r\nhost: here\r\ncontent-length: 10\r\n\r\nhal');
    assert.match(await untilClosed(socket), /^HTTP\/1\.1 408 [^]*SEND_TIMED_OUT/);
  });

  it('a post that is cut off in the middle is no message', async () => {
    const reader = (await listen()).receive();
    const socket = await rawSocket(door.port, identities.client, 'http/1.1');
    socket.write('POST /ingest/t HTTP/1.1\r\nhost: here\r\ncontent-length: 10\r\n\r\nhal');
    socket.destroy();
    await connect().send(textMessage('t', 'whole'));
    assert.equal(textOf(await next(reader)), 'whole');
  });

  it('answers 503 to more posts than it holds for its readers', async () => {
    (await listen({ maxWaiting: 2 })).receive({ highWaterMark: 0 });
    const session = await openHttp2(door.port, identities.client);
    const statuses: number[] = [];
    for (const index of [1, 2, 3, 4]) {
      const stream = session.request({ ':method': 'POST', ':path': `/ingest/${index}` });
      stream.on('error', () => undefined);
      stream.on('response', (answer) => statuses.push(answer[':status'] ?? 0));
      stream.end('x');
    }
    while (statuses.length < 2) await new Promise(setImmediate);
    assert.deepEqual(statuses, [503, 503]);
    session.destroy();
  });

  it('cuts off who does not read its events, and the others get theirs', async () => {
    const listener = await listen({ keepAliveMs: 1_500 });
    const sleeper = await rawSocket(door.port, identities.client, 'http/1.1');
    sleeper.write('GET /ingest?events HTTP/1.1\r\nhost: here\r\n\r\n');
    const link = connect();
    await link.ready();
    while (listener.connections < 2) await new Promise(setImmediate);
    sleeper.pause();
    const reader = link.receive();
    const payload = Buffer.alloc(200_000);
    const sends = Array.from({ length: 100 }, () => listener.send({ topic: 't', payload }));
    for (let count = 0; count < 100; count += 1) assert.equal((await next(reader)).payload.byteLength, payload.length);
    await Promise.all(sends);
    while (listener.connections > 1) await new Promise(setImmediate);
    sleeper.destroy();
  });

  it('sends to each far side only what it may read', async () => {
    const authorize: Http2ListenSettings['authorize'] = (identity, _action, topic) =>
      identity === 'tester' || topic === 'public' || topic === '#';
    const listener = await listen({ authorize });
    const [known, unknown] = [connect(), connect(anonymous)];
    const readers = [known.receive(), unknown.receive()] as const;
    await Promise.all([known.ready(), unknown.ready()]);
    await listener.send(textMessage('private', 'one'));
    await listener.send(textMessage('public', 'two'));
    assert.deepEqual(await nextTexts(readers[0], 2), ['one', 'two']);
    assert.deepEqual(await nextTexts(readers[1], 1), ['two']);
  });

  it('shows its events to any client', async () => {
    const listener = await listen();
    const socket = await rawSocket(door.port, identities.client, 'http/1.1');
    socket.write('GET /ingest?events HTTP/1.1\r\nhost: here\r\n\r\n');
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    while (listener.connections === 0) await new Promise(setImmediate);
    await listener.send({ topic: 't', payload: Buffer.from('hi'), contentType: 'text/plain' });
    while (!text.includes('data: {"topic":"t","contentType":"text/plain","payload":"aGk="}\n\n'))
      await new Promise(setImmediate);
    socket.destroy();
  });
});
