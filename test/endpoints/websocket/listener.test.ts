import assert from 'node:assert/strict';
import { once } from 'node:events';
import { WebSocket, type ClientOptions } from 'ws';
import { decodeFrame, encodeFrame } from '../../../src/endpoint/frame.ts';
import type { TlsIdentity } from '../../../src/endpoint/endpoint.ts';
import { websocketEndpoint, type WebSocketListenSettings } from '../../../src/endpoints/websocket/index.ts';
import type { Door } from '../../../src/front-door/door.ts';
import { codeOf, next, nextTexts, textMessage, textOf } from '../../contract/world.ts';
import { openTestDoor, testIdentities, type TestIdentities } from '../../front-door/test-door.ts';

const FRAMED = ['chartwire.v1'];

describe('a websocket listener', () => {
  let identities: TestIdentities;
  let anonymous: TlsIdentity;
  let expired: TlsIdentity;
  let door: Door;
  const open: AsyncDisposable[] = [];
  const sockets: WebSocket[] = [];

  before(async () => {
    identities = await testIdentities();
    anonymous = { ca: identities.client.ca };
    expired = { ...(await identities.authority.issueClient({ commonName: 'tester', days: -1 })), ...anonymous };
  });
  beforeEach(async () => {
    door = await openTestDoor();
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.terminate();
    for (const one of open.splice(0).toReversed()) await one[Symbol.asyncDispose]();
    await door.close();
  });

  const listen = async (
    settings: Partial<WebSocketListenSettings> = {},
  ): ReturnType<typeof websocketEndpoint.listen> => {
    const listener = await websocketEndpoint.listen({ door, path: '/live', ...settings });
    open.push(listener);
    return listener;
  };
  const connect = (tls = identities.client): ReturnType<typeof websocketEndpoint.connect> => {
    const link = websocketEndpoint.connect({ url: `wss://127.0.0.1:${door.port}/live`, tls, reconnectFirstMs: 20 });
    open.push(link);
    return link;
  };
  const dial = (protocols: string[], options: ClientOptions & TlsIdentity = identities.client): WebSocket => {
    const socket = new WebSocket(`wss://127.0.0.1:${door.port}/live`, protocols, { ...options });
    socket.on('error', () => undefined);
    sockets.push(socket);
    return socket;
  };
  const enter = async (protocols: string[], options?: ClientOptions & TlsIdentity): Promise<WebSocket> => {
    const socket = dial(protocols, options);
    await once(socket, 'open');
    return socket;
  };
  const data = (id: number, payload: string, topic = 't'): Buffer =>
    encodeFrame({ type: 'data', id, message: textMessage(topic, payload) });
  const closeCode = async (socket: WebSocket): Promise<number> => ((await once(socket, 'close')) as [number])[0];

  const refusedAtTheDoor: Record<string, [string, () => ClientOptions & TlsIdentity]> = {
    'nobody without a certificate': ['401', () => anonymous],
    'nobody whose certificate has expired': ['401', () => expired],
    'nobody with a certificate of another CA': ['401', () => ({ ...identities.stranger, ca: anonymous.ca })],
    'no page of another origin': ['403', () => ({ ...identities.client, origin: 'https://evil.example' })],
  };
  for (const [whom, [status, options]] of Object.entries(refusedAtTheDoor)) {
    it(`lets in ${whom}`, async () => {
      await listen();
      const [error] = (await once(dial(FRAMED, options()), 'error')) as [Error];
      assert.match(error.message, new RegExp(status));
    });
  }

  it('takes bare payloads at a door on an IPv6 address too', async () => {
    const onIpv6 = new Proxy(door, {
      get(target, name): unknown {
        const value: unknown = name === 'host' ? '::1' : Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const listener = await listen({ door: onIpv6 });
    assert.equal(new URL(listener.url).hostname, '[::1]');
    const messages = listener.receive();
    (await enter([])).send('open');
    const message = await next(messages);
    assert.deepEqual([message.topic, textOf(message)], ['live', 'open']);
  });

  it('lets in a page of its own', async () => {
    await listen();
    await enter(FRAMED, { ...identities.client, origin: `https://127.0.0.1:${door.port}` });
  });

  const ended: Record<string, [number, Buffer | string]> = {
    'a malformed frame': [1002, Buffer.from('nonsense')],
    'a text where frames were agreed': [1002, 'text'],
    'a frame above the limit': [1009, Buffer.alloc(400_000)],
  };
  for (const [what, [code, bytes]] of Object.entries(ended)) {
    it(`closes with ${code} after ${what}, and serves the others`, async () => {
      const reader = (await listen()).receive();
      const link = connect();
      await link.ready();
      const socket = await enter(FRAMED);
      socket.send(bytes);
      assert.equal(await closeCode(socket), code);
      await link.send(textMessage('t', 'unaffected'));
      assert.equal(textOf(await next(reader)), 'unaffected');
    });
  }

  it('closes with 1013 when a far side sends on without waiting for its acknowledgements', async () => {
    (await listen({ maxWaiting: 10 })).receive({ highWaterMark: 0 });
    const socket = await enter(FRAMED);
    for (let id = 0; id < 20; id += 1) socket.send(data(id, 'x'));
    assert.equal(await closeCode(socket), 1013);
  });

  it('closes with 1013 a far side that takes nothing, and the others get theirs', async () => {
    const listener = await listen({ keepAliveMs: 300, sendTimeoutMs: 2_000 });
    const socket = await enter(FRAMED);
    const link = connect();
    const reader = link.receive();
    await link.ready();
    const sends = Array.from({ length: 10 }, (_, index) => listener.send(textMessage('t', `${index}`)));
    assert.equal((await nextTexts(reader, 10)).length, 10);
    assert.equal(await closeCode(socket), 1013);
    await Promise.all(sends);
  });

  it('ends a far side that is silent', async () => {
    const listener = await listen({ keepAliveMs: 300 });
    const socket = await enter(FRAMED, { ...identities.client, autoPong: false });
    await closeCode(socket);
    while (listener.connections > 0) await new Promise(setImmediate);
  });

  it('refuses a single message, by its number, and takes the next', async () => {
    const reader = (await listen({ authorize: (_identity, _action, topic) => topic !== 'secret' })).receive();
    const socket = await enter(FRAMED);
    const answers: unknown[] = [];
    socket.on('message', (bytes: Buffer) => answers.push(decodeFrame(bytes, 1_000)));
    socket.send(data(1, 'x', 'secret'));
    socket.send(data(2, 'x', '#'));
    socket.send(data(3, 'x'.repeat(262_145)));
    socket.send(encodeFrame({ type: 'ping', id: 4 }));
    socket.send(data(5, 'fine'));
    assert.equal(textOf(await next(reader)), 'fine');
    while (answers.length < 5) await new Promise(setImmediate);
    const codes = answers.map((answer) => Object.values(answer as object).slice(0, 3));
    assert.deepEqual(codes, [
      ['refuse', 1, 'ACTION_FORBIDDEN'],
      ['refuse', 2, 'MESSAGE_INVALID'],
      ['refuse', 3, 'PAYLOAD_TOO_LARGE'],
      ['ack', 4],
      ['ack', 5],
    ]);
  });

  it('tells a link what it refused', async () => {
    await listen({ authorize: (_identity, _action, topic) => topic !== 'secret' });
    const link = connect();
    assert.equal(await codeOf(link.send(textMessage('secret', 'x'))), 'FAR_SIDE_REFUSED');
    await link.send(textMessage('open', 'x'));
  });

  it('sends to each far side only what it may read', async () => {
    const listener = await listen({
      authorize: (identity, _action, topic) => identity === 'tester' || topic === 'public' || topic === '#',
    });
    const [known, unknown] = [connect(), connect(anonymous)];
    const readers = [known.receive(), unknown.receive()] as const;
    await Promise.all([known.ready(), unknown.ready()]);
    await listener.send(textMessage('private', 'one'));
    await listener.send(textMessage('public', 'two'));
    assert.deepEqual(await nextTexts(readers[0], 2), ['one', 'two']);
    assert.deepEqual(await nextTexts(readers[1], 1), ['two']);
  });

  describe('with a far side that knows no frames', () => {
    it('takes text and bytes with the path as their topic', async () => {
      const reader = (await listen()).receive();
      const socket = await enter([]);
      socket.send('text');
      socket.send(Buffer.from([0, 255]));
      const [text, bytes] = [await next(reader), await next(reader)];
      assert.deepEqual(
        [text.topic, text.contentType, textOf(text), text.from],
        ['live', 'text/plain', 'text', 'tester'],
      );
      assert.deepEqual([bytes.topic, bytes.contentType, [...bytes.payload]], ['live', undefined, [0, 255]]);
    });

    it('sends text as text and all else as bytes', async () => {
      const listener = await listen();
      const socket = await enter([]);
      const got: [string, boolean][] = [];
      socket.on('message', (bytes: Buffer, isBinary) => got.push([bytes.toString(), isBinary]));
      await listener.send({ ...textMessage('t', '{}'), contentType: 'application/json' });
      await listener.send(textMessage('t', 'bytes'));
      while (got.length < 2) await new Promise(setImmediate);
      assert.deepEqual(got, [
        ['{}', false],
        ['bytes', true],
      ]);
    });

    it('reads no further than its readers do, and loses nothing', async () => {
      const reader = (await listen({ keepAliveMs: 200 })).receive({ highWaterMark: 2 });
      const socket = await enter([], { ...identities.client, perMessageDeflate: false });
      const payload = Buffer.alloc(100_000);
      for (let index = 0; index < 400; index += 1) socket.send(payload);
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.ok(socket.bufferedAmount > 10_000_000, `${socket.bufferedAmount} bytes wait`);
      for (let index = 0; index < 400; index += 1)
        assert.equal((await next(reader)).payload.byteLength, payload.length);
    });

    it('closes with 1008 when it may not publish', async () => {
      await listen({ authorize: (_identity, action) => action === 'subscribe' });
      const socket = await enter([]);
      socket.send('x');
      assert.equal(await closeCode(socket), 1008);
    });
  });
});
