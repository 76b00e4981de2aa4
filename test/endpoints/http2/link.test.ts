import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createServer as createTls } from 'node:tls';
import type { Link } from '../../../src/endpoint/endpoint.ts';
import { http2Endpoint, type Http2LinkSettings } from '../../../src/endpoints/http2/index.ts';
import { isFault } from '../../../src/fault.ts';
import { codeOf, next, stateOf, textMessage, textOf } from '../../contract/world.ts';
import { testIdentities, type TestIdentities } from '../../front-door/test-door.ts';

type Serve = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

/** A far side that is no Chartwire. */
describe('an http2 link to some web service', () => {
  let identities: TestIdentities;
  let server: Http2SecureServer | undefined;
  let link: Link | undefined;

  before(async () => {
    identities = await testIdentities();
  });
  afterEach(async () => {
    await link?.close();
    server?.close();
  });

  async function connectTo(serve: Serve, settings: Partial<Http2LinkSettings> = {}): Promise<Link> {
    server = createSecureServer(identities.server, serve);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const limits = { reconnectFirstMs: 20, reconnectLongestMs: 50 };
    link = http2Endpoint.connect({
      url: `https://127.0.0.1:${port}/api/`,
      tls: identities.client,
      events: false,
      ...limits,
      ...settings,
    });
    return link;
  }

  it('posts below the path of its URL', async () => {
    const asked: string[] = [];
    const to = await connectTo((request, response) => {
      asked.push(
        `${request.method} ${request.url} ${request.headers['content-type']} ${String(request.headers['cw-a'])}`,
      );
      response.writeHead(201).end('created');
    });
    await to.send({ ...textMessage('x/ü', '{}'), contentType: 'application/json', properties: { a: '1' } });
    assert.deepEqual(asked, ['POST /api/x/%C3%BC application/json 1']);
  });

  it('tries again what the far side could not do now', async () => {
    let count = 0;
    const to = await connectTo((_request, response) => {
      count += 1;
      response.writeHead(count < 3 ? 503 : 200).end();
    });
    await to.send(textMessage('t', 'x'));
    assert.equal(count, 3);
  });

  it('gives up trying again after sendTimeoutMs', async () => {
    const to = await connectTo((_request, response) => void response.writeHead(500).end(), { sendTimeoutMs: 200 });
    await to.ready();
    assert.equal(await codeOf(to.send(textMessage('t', 'x'))), 'SEND_TIMED_OUT');
  });

  it('says what the far side answered to a message it refuses', async () => {
    const to = await connectTo((request, response) => {
      response.writeHead(request.url.endsWith('/large') ? 413 : 422).end('no such sensor');
    });
    await assert.rejects(
      to.send(textMessage('t', 'x')),
      (error) => isFault(error) && error.line.includes('422 no such sensor'),
    );
    await assert.rejects(
      to.send(textMessage('large', 'x')),
      (error) => isFault(error) && error.code === 'PAYLOAD_TOO_LARGE',
    );
    assert.equal(to.state.name, 'up');
  });

  it('cancels a request nobody waits for any more', async () => {
    const cancelled = Promise.withResolvers<number>();
    const to = await connectTo((request) =>
      request.stream.once('close', () => cancelled.resolve(request.stream.rstCode ?? -1)),
    );
    const stop = new AbortController();
    const send = to.send(textMessage('t', 'x'), { signal: stop.signal });
    await once(server!, 'request');
    stop.abort(new Error('enough'));
    await assert.rejects(send, /enough/);
    assert.equal(await cancelled.promise, 8);
  });

  it('sees requests in flight answered when the far side says GOAWAY', async () => {
    let answer: (() => void) | undefined;
    const to = await connectTo((request, response) => {
      answer = () => response.writeHead(204).end();
      request.stream.session?.goaway(0);
    });
    const send = to.send(textMessage('t', 'x'));
    await stateOf(to, 'up');
    await stateOf(to, 'waiting');
    answer?.();
    await send;
    await to.ready();
  });

  it('a message is lost with the connection it was sent on, and the next one takes another', async () => {
    let count = 0;
    const to = await connectTo((request, response) => {
      count += 1;
      if (count === 1) request.stream.session?.destroy();
      else response.writeHead(204).end();
    });
    assert.equal(await codeOf(to.send(textMessage('t', 'x'))), 'FAR_SIDE_GONE');
    await to.send(textMessage('t', 'y'));
    assert.equal(count, 2);
  });

  it('is not up with a far side that has no events when it should have', async () => {
    const to = await connectTo((_request, response) => void response.writeHead(404).end(), { events: true });
    const state = await stateOf(to, 'waiting');
    assert.ok(state.name === 'waiting' && isFault(state.cause) && state.cause.code === 'LINK_REFUSED');
  });

  it('passes over events that are none of ours, and leaves a far side whose event is too long', async () => {
    const event = (topic: string): string => `: comment\nid: 1\ndata: {"topic":"${topic}","payload":"aGk="}\r\n\n`;
    const to = await connectTo(
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(`data: nonsense\n\ndata: null\n\ndata: {"topic":1}\n\n${event('a')}`);
        setTimeout(() => response.write(`data: ${'x'.repeat(100_000)}`), 50);
      },
      { events: true, maxPayloadBytes: 100 },
    );
    const reader = to.receive();
    const message = await next(reader);
    assert.deepEqual([message.topic, textOf(message)], ['a', 'hi']);
    const state = await stateOf(to, 'waiting');
    assert.ok(state.name === 'waiting' && state.cause.cause instanceof RangeError);
  });

  it('leaves a far side that falls silent', async () => {
    const silent = createTls({ ...identities.server, ALPNProtocols: ['h2'] }, (socket) =>
      socket.on('error', () => undefined).resume(),
    );
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    link = http2Endpoint.connect({ url: `https://127.0.0.1:${port}`, tls: identities.client, keepAliveMs: 200 });
    const state = await stateOf(link, 'waiting');
    assert.ok(state.name === 'waiting' && isFault(state.cause) && state.cause.code === 'FAR_SIDE_GONE');
    await link.close();
    silent.close();
  });

  it('does not trust a certificate of another name', async () => {
    const { authority } = identities;
    const wrong = await authority.issueServer({ names: ['elsewhere.test'] });
    server = createSecureServer(wrong);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const url = `https://127.0.0.1:${port}`;
    link = http2Endpoint.connect({ url, tls: identities.client });
    const state = await stateOf(link, 'waiting');
    assert.ok(state.name === 'waiting' && isFault(state.cause) && state.cause.code === 'FAR_SIDE_UNTRUSTED');
    await link.close();
    link = http2Endpoint.connect({ url, tls: { ...identities.client, servername: 'elsewhere.test' }, events: false });
    await link.ready();
  });
});
