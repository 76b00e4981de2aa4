import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import {
  Packed,
  websocketEndpoint,
  type WebSocketLink,
  type WebSocketLinkSettings,
} from '../../../src/endpoints/websocket/index.ts';
import { codeOf, next, stateOf, textMessage, textOf } from '../../contract/world.ts';

/** A server of somebody else's, without TLS. */
describe('a plain websocket link', () => {
  let server: Server;
  let far: WebSocketServer;
  let link: WebSocketLink | undefined;
  const requests: IncomingMessage[] = [];
  const sockets: WebSocket[] = [];

  beforeEach(async () => {
    requests.length = 0;
    server = createServer();
    far = new WebSocketServer({
      server,
      perMessageDeflate: { threshold: 0 },
      handleProtocols: (offered) => [...offered].at(-1)!,
    });
    far.on('connection', (socket, request) => {
      requests.push(request);
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    await link?.close();
    for (const socket of sockets.splice(0)) socket.terminate();
    server.close();
    server.closeAllConnections();
  });
  const port = (): number => (server.address() as AddressInfo).port;
  const open = async (settings: Partial<WebSocketLinkSettings> = {}): Promise<WebSocketLink> => {
    link = websocketEndpoint.connect({
      url: `ws://127.0.0.1:${port()}/feed`,
      tls: { ca: '' },
      plain: true,
      reconnectFirstMs: 20,
      reconnectLongestMs: 40,
      ...settings,
    });
    return link;
  };

  it('agrees on a sub-protocol and compression, and sends its headers', async () => {
    const to = await open({
      subprotocols: ['v2.chat', 'v1.chat'],
      headers: { authorization: 'Bearer secret', 'user-agent': 'Chartwire' },
      compressFromBytes: 0,
    });
    const reader = to.receive();
    const text = 'again and '.repeat(1_000);
    await to.send({ ...textMessage('t', text), contentType: 'text/plain' });
    assert.equal(textOf(await next(reader)), text);
    assert.equal(to.protocol, 'v1.chat');
    assert.match(sockets[0]!.extensions, /permessage-deflate/);
    const { authorization, 'user-agent': agent } = requests[0]!.headers;
    assert.deepEqual([authorization, agent], ['Bearer secret', 'Chartwire']);
  });

  it('does without compression when told to', async () => {
    const to = await open({ compression: false });
    await to.ready();
    assert.equal(requests[0]!.headers['sec-websocket-extensions'], undefined);
  });

  it('goes through a proxy that is named', async () => {
    const targets: (string | undefined)[] = [];
    const proxy = createServer();
    const through: Socket[] = [];
    proxy.on('connect', (request, socket: Socket) => {
      targets.push(request.url);
      const onward = connect(port(), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      });
      through.push(onward, socket);
      for (const one of [onward, socket]) one.on('error', () => undefined);
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const to = await open({ proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` });
    await to.ready();
    assert.deepEqual(targets, [`127.0.0.1:${port()}`]);
    await to.close();
    for (const one of through) one.destroy();
    proxy.close();
  });

  it('sends packed messages at once, and what waited while it was away in order', async () => {
    const to = await open();
    const got: string[] = [];
    const all = new Promise<void>((resolve) => {
      to.onMessage(({ payload }) => got.push(payload.toString()) === 40 && resolve());
    });
    const sends: unknown[] = [];
    for (let index = 0; index < 20; index += 1) sends.push(to.sendPlain(new Packed(`${index}`, false)));
    await Promise.all(sends);
    for (let index = 20; index < 40; index += 1) {
      assert.equal(to.sendPlain(new Packed(`${index}`, false)), undefined);
    }
    await all;
    assert.deepEqual(
      got,
      Array.from({ length: 40 }, (_, index) => `${index}`),
    );
    assert.throws(() => to.sendPlain(new Packed(Buffer.alloc(300_000), false)), { code: 'PAYLOAD_TOO_LARGE' });
  });

  const broken: Record<string, [string, RegExp]> = {
    'another key': ['sec-websocket-accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=', /something else/],
    'an extension nobody offered': ['sec-websocket-extensions: x-magic', /extension|something else/],
  };
  for (const [what, [header, reason]] of Object.entries(broken)) {
    it(`does not come up with a far side that answers with ${what}`, async () => {
      server.removeAllListeners('upgrade');
      server.on('upgrade', (_request, socket) => {
        socket.end(
          `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n${header}\r\n\r\n`,
        );
      });
      const state = await stateOf(await open(), 'waiting');
      assert.ok(state.name === 'waiting');
      assert.match(state.cause.message, reason);
    });
  }

  it('leaves a far side that sends a text that is no UTF-8, or masks its frames', async () => {
    for (const bytes of [Buffer.from([0x81, 1, 0xff]), Buffer.from([0x81, 0x81, 0, 0, 0, 0, 65])]) {
      const to = await open();
      await to.ready();
      const closed = once(sockets.at(-1)!, 'close');
      (sockets.at(-1) as unknown as { _socket: Socket })._socket.write(bytes);
      assert.equal((await closed)[0], bytes[1] === 1 ? 1007 : 1002);
      await to.close();
    }
  });

  it('comes back after pauses that differ, and tells why it waits', async () => {
    const to = await open();
    await to.ready();
    sockets[0]!.close(4001, 'maintenance');
    const state = await stateOf(to, 'waiting');
    assert.ok(state.name === 'waiting' && state.cause.cause instanceof Error);
    assert.match(state.cause.cause.message, /code 4001: maintenance/);
    await to.ready();
    assert.equal(await codeOf(to.send(textMessage('t', 'x'))), 'resolved');
  });

  it('reads on when it comes back, though what came before it was lost is still unread', async () => {
    const to = await open();
    const reader = to.receive({ highWaterMark: 1 });
    await to.ready();
    const arrived = (count: number): Promise<void> =>
      new Promise((resolve) => {
        const stop = to.onMessage(() => {
          count -= 1;
          if (count > 0) return;
          stop();
          resolve();
        });
      });
    // The second has no room: nothing is read until the reader takes one.
    const held = arrived(2);
    for (const text of ['1', '2', '3', '4']) sockets[0]!.send(text);
    await held;
    sockets[0]!.terminate();
    await stateOf(to, 'waiting');
    await to.ready();
    assert.equal(textOf(await next(reader)), '1');
    const heldAgain = arrived(1);
    const after = ['a', 'b', 'c', 'd', 'e', 'f'];
    for (const text of after) sockets[1]!.send(text);
    await heldAgain;
    const texts: string[] = [];
    while (texts.at(-1) !== 'f') texts.push(textOf(await next(reader)));
    assert.deepEqual(texts.slice(-after.length), after);
  });

  it('says goodbye with 1000 when it is closed', async () => {
    const to = await open();
    await to.ready();
    const closed = once(sockets[0]!, 'close');
    await to.close();
    assert.equal((await closed)[0], 1000);
  });
});
