import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2';
import { setTimeout as pause } from 'node:timers/promises';
import { Agent, WebSocket as UndiciWebSocket } from 'undici';
import { Packed, websocketEndpoint } from '../../../src/endpoints/websocket/index.ts';
import type { Door } from '../../../src/front-door/door.ts';
import { next, stateOf, textMessage, textOf } from '../../contract/world.ts';
import { openTestDoor, testIdentities, type TestIdentities } from '../../front-door/test-door.ts';
import { rawFrame } from './world.ts';

describe('WebSocket over HTTP/2', () => {
  let identities: TestIdentities;
  let door: Door;
  before(async () => {
    identities = await testIdentities();
  });
  beforeEach(async () => {
    door = await openTestDoor();
  });
  afterEach(async () => {
    await door.close();
  });
  const request = async (
    headers: Readonly<Record<string, string>>,
  ): Promise<{
    session: ClientHttp2Session;
    stream: ClientHttp2Stream;
    answer: IncomingHttpHeaders & { ':status'?: number };
  }> => {
    const session = connect(`https://127.0.0.1:${door.port}`, { ...identities.client });
    await once(session, 'remoteSettings');
    const stream = session.request(
      { ':method': 'CONNECT', ':protocol': 'websocket', ...headers },
      { endStream: false },
    );
    const [answer] = (await once(stream, 'response')) as [IncomingHttpHeaders & { ':status'?: number }];
    return { session, stream, answer };
  };

  it('carries messages of a link both ways, acknowledged, as over HTTP/1.1', async () => {
    await using listener = await websocketEndpoint.listen({ door, path: '/plant/:line' });
    await using link = websocketEndpoint.connect({
      url: `wss://127.0.0.1:${door.port}/plant/7?unit=c`,
      tls: identities.client,
      http: '2',
    });
    const [up, down] = [listener.receive(), link.receive()];
    const [who] = await Promise.all([
      new Promise((resolve) => {
        listener.onPresence(({ client }) =>
          resolve([client.httpVersion, client.identity, client.params, client.query]),
        );
      }),
      link.send(textMessage('up', 'one')),
    ]);
    assert.deepEqual(who, ['2.0', 'tester', { line: '7' }, { unit: 'c' }]);
    assert.equal(textOf(await next(up)), 'one');
    await listener.send(textMessage('down', 'two'));
    assert.equal(textOf(await next(down)), 'two');
    assert.deepEqual([door.counts.http2.open, door.counts.websocket.open], [1, 1]);
  });

  it('stays open while nothing is said for longer than a session may be idle', async () => {
    await door.close();
    door = await openTestDoor({ idleMs: 300 });
    await using listener = await websocketEndpoint.listen({ door, path: '/live', keepAliveMs: 0 });
    await using link = websocketEndpoint.connect({
      url: `wss://127.0.0.1:${door.port}/live`,
      tls: identities.client,
      http: '2',
      keepAliveMs: 60_000,
    });
    await link.ready();
    const states: string[] = [];
    link.onState(({ name }) => states.push(name));
    await pause(1_000);
    assert.deepEqual([states, listener.connections], [[], 1]);
  });

  it('serves a client of somebody else, several on one connection', async () => {
    await using listener = await websocketEndpoint.listen({ door, path: '/live' });
    const messages = listener.receive();
    const { cert, key, ca } = identities.client;
    const dispatcher = new Agent({ allowH2: true, connect: { ca, cert: cert!, key: key! } });
    const sockets = ['one', 'two'].map(() => new UndiciWebSocket(`wss://127.0.0.1:${door.port}/live`, { dispatcher }));
    await Promise.all(sockets.map((socket) => once(socket, 'open')));
    sockets[0]!.send('from afar');
    assert.equal(textOf(await next(messages)), 'from afar');
    const answers = sockets.map((socket) => once(socket, 'message') as Promise<[{ data: unknown }]>);
    await listener.send({ ...textMessage('t', 'to all'), contentType: 'text/plain' });
    for (const answer of answers) assert.equal((await answer)[0].data, 'to all');
    for (const socket of sockets) socket.close();
    while (listener.connections > 0) await new Promise(setImmediate);
    await dispatcher.destroy();
  });

  const refused: Record<string, [number, string, Record<string, string>]> = {
    'a path nobody serves': [404, 'PATH_UNKNOWN', { ':path': '/elsewhere', 'sec-websocket-version': '13' }],
    'another version': [426, 'HANDSHAKE_INVALID', { ':path': '/live', 'sec-websocket-version': '8' }],
    'a page of another origin': [
      403,
      'ORIGIN_FOREIGN',
      { ':path': '/live', 'sec-websocket-version': '13', origin: 'https://evil.example' },
    ],
  };
  for (const [what, [status, code, headers]] of Object.entries(refused)) {
    it(`refuses ${what} with ${status}, and the session goes on`, async () => {
      await using listener = await websocketEndpoint.listen({ door, path: '/live' });
      const { session, stream, answer } = await request(headers);
      assert.equal(answer[':status'], status);
      const chunks = (await stream.toArray()) as Buffer[];
      assert.match(Buffer.concat(chunks).toString(), new RegExp(`"code":"${code}"`));
      assert.deepEqual([session.closed, listener.connections], [false, 0]);
      session.destroy();
    });
  }

  it('ends the one of a connection whose frames are wrong; one that reads nothing holds up no other', async () => {
    const told: string[] = [];
    await using listener = await websocketEndpoint.listen({
      door,
      path: '/live',
      framed: false,
      overflow: 'dropOldest',
      onRefused: (line) => told.push(line),
    });
    const session = connect(`https://127.0.0.1:${door.port}`, { ...identities.client });
    await once(session, 'remoteSettings');
    const open = async (): Promise<ClientHttp2Stream> => {
      const stream = session.request(
        { ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/live', 'sec-websocket-version': '13' },
        { endStream: false },
      );
      const [answer] = (await once(stream, 'response')) as [IncomingHttpHeaders & { ':status'?: number }];
      assert.equal(answer[':status'], 200);
      return stream;
    };
    const [stalled, well] = [await open(), await open()];
    stalled.pause();
    for (const [code, bytes] of [
      [1002, Buffer.from([0x81, 1, 65])],
      [1002, rawFrame(0x09, 'x')],
      [1007, rawFrame(0x81, Buffer.from([0xff]))],
      [1009, Buffer.from('82ff7fffffffffffffff00000000', 'hex')],
    ] as const) {
      const bad = await open();
      const chunks = bad.toArray() as Promise<Buffer[]>;
      bad.write(bytes);
      assert.equal(Buffer.concat(await chunks).readUInt16BE(2), code);
    }
    while (listener.connections > 2) await new Promise(setImmediate);
    assert.deepEqual([...listener.refused.values()], [1, 1, 1, 1]);
    assert.equal(told.length, 4);
    // More than connection and stream may have under way, and than may wait for one.
    const payload = Buffer.alloc(10_000, 'x');
    let arrivedBytes = 0;
    well.on('data', (chunk: Buffer) => (arrivedBytes += chunk.length));
    for (let sent = 20; sent <= 400; sent += 20) {
      for (let count = 0; count < 20; count += 1) {
        void listener.publish({ topic: 't', payload: Buffer.alloc(0) }, {}, new Packed(payload, true));
      }
      while (arrivedBytes < sent * payload.length) await once(well, 'data');
    }
    assert.ok(listener.dropped > 0);
    assert.equal(told.at(-1), 'tester: takes less than it is sent');
    session.destroy();
  });

  it('waits with LINK_REFUSED when the far side does not know it', async () => {
    await using link = websocketEndpoint.connect({
      url: `wss://127.0.0.1:${door.port}/nowhere`,
      tls: identities.client,
      http: '2',
      reconnectFirstMs: 20,
    });
    const state = await stateOf(link, 'waiting');
    assert.ok(state.name === 'waiting');
    assert.match(state.cause.message, /404/);
  });
});
