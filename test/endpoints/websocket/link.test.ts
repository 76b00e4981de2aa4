import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Link } from '../../../src/endpoint/endpoint.ts';
import { websocketEndpoint, type WebSocketLinkSettings } from '../../../src/endpoints/websocket/index.ts';
import { isFault } from '../../../src/fault.ts';
import { codeOf, next, stateOf, textMessage, textOf } from '../../contract/world.ts';
import { testIdentities, type TestIdentities } from '../../front-door/test-door.ts';

/** A far side that is no Chartwire. */
describe('a websocket link to some service', () => {
  let identities: TestIdentities;
  let https: Server;
  let link: Link | undefined;
  const accepted: WebSocket[] = [];

  before(async () => {
    identities = await testIdentities();
  });
  afterEach(async () => {
    await link?.close();
    for (const socket of accepted.splice(0)) socket.terminate();
    https.closeAllConnections();
    https.close();
  });

  async function connectTo(
    serve: (socket: WebSocket) => void,
    settings: Partial<WebSocketLinkSettings> = {},
  ): Promise<Link> {
    https = createServer(identities.server);
    new WebSocketServer({ server: https }).on('connection', (socket) => {
      accepted.push(socket);
      serve(socket);
    });
    return await connectToHttps({ plain: true, ...settings });
  }

  async function connectToHttps(settings: Partial<WebSocketLinkSettings>): Promise<Link> {
    https.listen(0, '127.0.0.1');
    await once(https, 'listening');
    const { port } = https.address() as AddressInfo;
    const limits = { reconnectFirstMs: 20, reconnectLongestMs: 50 };
    link = websocketEndpoint.connect({
      url: `wss://127.0.0.1:${port}/feed?key=secret`,
      tls: identities.client,
      ...limits,
      ...settings,
    });
    return link;
  }

  it('sends bare payloads and reads them, with the path as their topic', async () => {
    const to = await connectTo((socket) =>
      socket.on('message', (bytes, isBinary) => socket.send(bytes, { binary: isBinary })),
    );
    const reader = to.receive();
    await to.send({ ...textMessage('ignored', 'hi'), contentType: 'text/plain' });
    const message = await next(reader);
    assert.deepEqual([message.topic, message.contentType, textOf(message)], ['feed', 'text/plain', 'hi']);
    assert.equal(to.traits.acknowledged, false);
    assert.doesNotMatch(to.url, /secret/);
  });

  it('leaves a far side that falls silent', async () => {
    const to = await connectTo((socket) => socket.pause(), { keepAliveMs: 200 });
    await to.ready();
    await stateOf(to, 'waiting');
  });

  it('is not up with a far side that does not know our frames', async () => {
    https = createServer(identities.server);
    new WebSocketServer({ server: https, handleProtocols: () => false }).on('connection', (socket) =>
      accepted.push(socket),
    );
    const to = await connectToHttps({});
    const state = await stateOf(to, 'waiting');
    assert.ok(state.name === 'waiting' && isFault(state.cause) && state.cause.code === 'LINK_REFUSED');
    assert.match(state.cause.message, /subprotocol/);
  });

  it('waits with LINK_REFUSED when the upgrade is refused', async () => {
    https = createServer(identities.server, (_request, response) => void response.writeHead(403).end());
    const to = await connectToHttps({});
    const state = await stateOf(to, 'waiting');
    assert.ok(state.name === 'waiting' && isFault(state.cause) && state.cause.code === 'LINK_REFUSED');
    assert.match(state.cause.message, /403 Forbidden/);
  });

  it('rejects with FAR_SIDE_GONE what was not acknowledged when the connection ends', async () => {
    https = createServer(identities.server);
    new WebSocketServer({ server: https, handleProtocols: () => 'chartwire.v1' }).on('connection', (socket) => {
      accepted.push(socket);
      socket.once('message', () => socket.terminate());
    });
    const to = await connectToHttps({});
    assert.equal(await codeOf(to.send(textMessage('t', 'x'))), 'FAR_SIDE_GONE');
  });

  it('rejects the largest message with PAYLOAD_TOO_LARGE when the far side closes with 1009', async () => {
    https = createServer(identities.server);
    new WebSocketServer({ server: https, maxPayload: 1_000, handleProtocols: () => 'chartwire.v1' }).on(
      'connection',
      (socket) => {
        accepted.push(socket);
        socket.on('error', () => undefined);
      },
    );
    const to = await connectToHttps({});
    await to.ready();
    const sends = [to.send(textMessage('t', 'small')), to.send(textMessage('t', 'x'.repeat(2_000)))];
    assert.deepEqual(await Promise.all(sends.map(codeOf)), ['FAR_SIDE_GONE', 'PAYLOAD_TOO_LARGE']);
  });

  it('leaves a far side that sends what is no frame', async () => {
    https = createServer(identities.server);
    let code: Promise<unknown[]> | undefined;
    new WebSocketServer({ server: https, handleProtocols: () => 'chartwire.v1' }).on('connection', (socket) => {
      accepted.push(socket);
      code ??= once(socket, 'close');
      socket.send('hello');
    });
    const to = await connectToHttps({});
    await stateOf(to, 'waiting');
    assert.equal((await code!)[0], 1002);
  });
});
