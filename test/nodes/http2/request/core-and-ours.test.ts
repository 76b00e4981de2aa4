import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { FlowMessage } from '../../../../nodes/adapter/message.ts';
import { h2cServer, http1Server, type TestServer } from '../../../http/client/world.ts';
import { errorText, sink, tab, type StoredNode } from '../../../support/node-red.ts';
import { client, mirror, request, requestWorld, type Seen, type Settings } from './world.ts';

/** Messages that both nodes must treat alike: settings of both, and what each server sees of them. */
const ALIKE: [string, Settings, FlowMessage][] = [
  ['a GET', {}, {}],
  ['a POST of an object', { method: 'POST' }, { payload: { a: 1 } }],
  ['a POST of text', { method: 'POST' }, { payload: 'x' }],
  [
    'a POST of a form',
    { method: 'POST' },
    { payload: { a: 'b' }, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  ],
  ['a method of the message', { method: 'use' }, { method: 'patch', payload: 'x' }],
  ['a query', { paytoqs: 'query' }, { payload: { a: 'b c', d: [1, 2] } }],
  ['a GET with a body', { paytoqs: 'body' }, { payload: 'x' }],
  ['basic authentication', { authType: 'basic', credentials: { user: 'u', password: 'p' } }, {}],
  ['a bearer token', { authType: 'bearer', credentials: { password: 't' } }, {}],
  [
    'headers of both',
    { headers: [{ keyType: 'other', keyValue: 'X-A', valueType: 'msg', valueValue: 'v' }] },
    { v: '1', headers: { 'X-B': '2' } },
  ],
  ['cookies', {}, { cookies: { a: 'b c', d: { value: 'e', encode: false } } }],
];
/** What each says of itself. */
const OWN = new Set(['user-agent', 'accept-encoding', 'connection', 'host', 'accept']);

describe('the core http request and ours', () => {
  const { nodeRed, deploy } = requestWorld();
  let server: TestServer;
  before(async () => (server = await http1Server(mirror)));
  after(() => server[Symbol.asyncDispose]());

  const core = (settings: Settings): StoredNode => ({
    id: 'core',
    type: 'http request',
    z: tab.id,
    wires: [['from-core']],
    method: 'GET',
    ret: 'txt',
    paytoqs: 'ignore',
    tls: '',
    persist: false,
    proxy: '',
    insecureHTTPParser: false,
    authType: '',
    senderr: true,
    headers: [],
    ...settings,
  });
  /** The same message to both. */
  const both = async (
    settings: Settings,
    message: FlowMessage,
    shared: Settings = {},
  ): Promise<[FlowMessage, FlowMessage]> => {
    await deploy(core(settings), sink('from-core'), request({ ...settings, client: 'client' }), client(shared));
    nodeRed().send('core', structuredClone(message));
    nodeRed().send('ours', structuredClone(message));
    const first = (id: string): Promise<readonly FlowMessage[]> => nodeRed().receivedBy(id, 1);
    const [[fromCore], [fromOurs]] = await Promise.all([first('from-core'), first('answers')]);
    return [fromCore!, fromOurs!];
  };

  for (const [what, settings, message] of ALIKE) {
    it(`ask the same for ${what}`, async () => {
      const seen = (await both({ url: `${server.url}/path`, ret: 'obj', ...settings }, message)).map(({ payload }) => {
        const { headers, version: _version, ...rest } = payload as Seen;
        return { ...rest, headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN.has(name))) };
      });
      assert.deepEqual(seen[1], seen[0]);
    });
  }

  it('say the same of a response', async () => {
    await using other = await http1Server((incoming, response) => {
      if (incoming.url === '/from')
        return void response.writeHead(302, { location: '/to', 'set-cookie': 'a=1; Path=/; Max-Age=9; Secure' }).end();
      response.writeHead(201, { 'x-a': 'b', 'set-cookie': ['b=%20; Path=/; HttpOnly', 'c="d"'], date: 'now' });
      response.end('done');
    });
    const [fromCore, fromOurs] = await both({ url: `${other.url}/from` }, { keep: 1 });
    const told = ({
      statusCode,
      payload,
      responseUrl,
      responseCookies,
      redirectList,
      retry,
      keep,
      headers,
    }: FlowMessage): unknown => {
      const {
        'x-node-red-request-node': _mark,
        connection: _c,
        'keep-alive': _k,
        ...rest
      } = headers as Record<string, unknown>;
      return { statusCode, payload, responseUrl, responseCookies, redirectList, retry, keep, headers: rest };
    };
    assert.deepEqual(told(fromOurs), told(fromCore));
  });

  it('D5: core cannot speak to a server that has HTTP/2 only, ours can', async () => {
    await using only = await h2cServer(mirror);
    const settings = { url: only.url, senderr: false };
    const [fromCore, fromOurs] = await both(settings, {}, { protocol: 'h2' });
    assert.equal(typeof fromCore['statusCode'], 'string');
    assert.deepEqual([fromOurs['statusCode'], fromOurs['httpVersion']], [200, '2']);
  });

  it('D13: behind a proxy core opens a connection for each request, ours keeps one', async () => {
    let tunnels = 0;
    const proxy = createServer();
    proxy.on('connect', (incoming: IncomingMessage, socket: Socket) => {
      tunnels += 1;
      const far = connect(Number(incoming.url!.split(':')[1]), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        far.pipe(socket).pipe(far);
      });
      far.on('error', () => socket.destroy());
      socket.on('error', () => far.destroy());
    });
    let forwarded = 0;
    proxy.on('request', (_incoming, response) => response.end('by the proxy'));
    proxy.on('connection', () => (forwarded += 1));
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const address = `http://127.0.0.1:${(proxy.address() as { port: number }).port}`;
    const coreProxy = { id: 'proxy', type: 'http proxy', url: address, noproxy: [] };
    await deploy(
      core({ url: server.url, persist: true, proxy: 'proxy' }),
      coreProxy,
      sink('from-core'),
      request({ url: server.url, client: 'client' }),
      client({ proxy: address }),
    );
    for (let index = 1; index <= 3; index += 1) {
      nodeRed().send('core', {});
      await nodeRed().receivedBy('from-core', index);
    }
    assert.equal(tunnels, 3);
    forwarded = 0;
    for (let index = 1; index <= 3; index += 1) {
      nodeRed().send('ours', {});
      await nodeRed().receivedBy('answers', index);
    }
    assert.deepEqual([forwarded, tunnels], [1, 3]);
    proxy.close();
    proxy.closeAllConnections();
  });

  it('D13: core is challenged anew for each request with digest, and counts none of them; ours is once, and counts', async () => {
    const asked = { core: [] as string[], ours: [] as string[] };
    await using guarded = await http1Server((incoming, response) => {
      const said = incoming.headers.authorization ?? '';
      asked[incoming.url === '/core' ? 'core' : 'ours'].push(/nc=([^,]+)/.exec(said)?.[1] ?? '');
      if (said !== '') return void response.end('known');
      response.writeHead(401, { 'www-authenticate': 'Digest realm="r", nonce="n", qop="auth"' }).end();
    });
    const settings = { authType: 'digest', credentials: { user: 'u', password: 'p' } };
    await deploy(
      core({ url: `${guarded.url}/core`, ...settings }),
      sink('from-core'),
      request({ url: `${guarded.url}/ours`, ...settings }),
    );
    for (let index = 1; index <= 2; index += 1) {
      for (const id of ['core', 'ours']) nodeRed().send(id, {});
      await nodeRed().receivedBy('from-core', index);
      await nodeRed().receivedBy('answers', index);
    }
    assert.deepEqual(asked, { core: ['', '00000001', '', '00000001'], ours: ['', '00000001', '00000002'] });
  });

  it('SHA-512/256 of digest is cut off SHA-512 by core, and what it says by ours', async () => {
    await using guarded = await http1Server((incoming, response) => {
      const said = incoming.headers.authorization ?? '';
      const part = (name: string): string => new RegExp(`${name}="?([^",]+)`).exec(said)?.[1] ?? '';
      const hash = (text: string): string => createHash('sha512-256').update(text).digest('hex');
      const proof = [hash('u:r:p'), 'n', part('nc'), part('cnonce'), 'auth', hash(`GET:${incoming.url}`)];
      if (part('response') === hash(proof.join(':'))) return void response.end('known');
      response
        .writeHead(401, { 'www-authenticate': 'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-512-256' })
        .end();
    });
    const settings = { url: guarded.url, authType: 'digest', credentials: { user: 'u', password: 'p' } };
    const [fromCore, fromOurs] = await both(settings, {});
    assert.deepEqual([fromCore['statusCode'], fromOurs['statusCode']], [401, 200]);
  });

  it('a name in one address is kept by core and told to the next server, by ours it is not', async () => {
    const settings = { url: '', authType: 'basic', ret: 'obj', credentials: {} };
    await deploy(core(settings), sink('from-core'), request(settings));
    for (const [index, url] of [server.url.replace('://', '://alice:secret@'), `${server.url}/other`].entries()) {
      for (const id of ['core', 'ours']) nodeRed().send(id, { url });
      await nodeRed().receivedBy('from-core', index + 1);
      await nodeRed().receivedBy('answers', index + 1);
    }
    const last = (id: string): string | undefined =>
      (nodeRed().received(id).at(-1)!.payload as Seen).headers['authorization'];
    assert.match(last('from-core') ?? '', /^Basic /);
    assert.equal(last('answers'), undefined);
  });

  it('redirects of requests at the same time are mixed up by core, and kept apart by ours', async () => {
    await using leading = await http1Server((incoming, response) => {
      const [, step = '', name = ''] = incoming.url!.split('/');
      if (step === 'from') setTimeout(() => response.writeHead(302, { location: `/to/${name}` }).end(), 20);
      else setTimeout(() => response.end(name), 40);
    });
    const settings = { url: '' };
    await deploy(core(settings), sink('from-core'), request(settings));
    for (const name of ['a', 'b'])
      for (const id of ['core', 'ours']) nodeRed().send(id, { url: `${leading.url}/from/${name}` });
    const counts = async (id: string): Promise<number[]> =>
      (await nodeRed().receivedBy(id, 2)).map(({ redirectList }) => (redirectList as unknown[]).length);
    assert.deepEqual(await counts('answers'), [1, 1]);
    assert.ok((await counts('from-core')).some((count) => count !== 1));
  });

  it('a compressed response is emitted as it is by core, as it was before by ours', async () => {
    await using packed = await http1Server((_incoming, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync('plain'));
    });
    const [fromCore, fromOurs] = await both({ url: packed.url }, {});
    assert.notEqual(fromCore.payload, 'plain');
    assert.equal(fromOurs.payload, 'plain');
  });

  it('a body without end is kept in memory by core for as long as it comes, by ours up to its limit', async () => {
    let coreTook = 0;
    await using endless = await http1Server((incoming, response) => {
      const write = (): void => {
        while (!response.destroyed && coreTook < 24_000_000) {
          if (incoming.url === '/core') coreTook += 1_000_000;
          if (!response.write(Buffer.alloc(1_000_000))) return void response.once('drain', write);
        }
        response.end();
      };
      write();
    });
    await deploy(
      core({ url: `${endless.url}/core`, ret: 'bin' }),
      sink('from-core'),
      request({ url: `${endless.url}/ours`, ret: 'bin' }),
    );
    nodeRed().send('ours', {});
    const [caught] = await nodeRed().receivedBy('caught', 1);
    assert.match(errorText(caught!), /^RESPONSE_TOO_LARGE: /);
    nodeRed().send('core', {});
    const [taken] = await nodeRed().receivedBy('from-core', 1);
    assert.equal((taken!.payload as Buffer).length, 24_000_000);
  });

  it('text in a template is escaped for HTML by core, for an address by ours', async () => {
    const [fromCore, fromOurs] = await both({ url: `${server.url}/{{topic}}`, ret: 'obj' }, { topic: 'a/b&c' });
    assert.notEqual((fromCore.payload as Seen).url, '/a%2Fb%26c');
    assert.equal((fromOurs.payload as Seen).url, '/a%2Fb%26c');
  });
});
