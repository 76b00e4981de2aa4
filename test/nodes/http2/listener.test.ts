import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { openAsker, type Answer, type Asker } from '../../http/ask.ts';
import { catching, errorText, tab, type StoredNode } from '../../support/node-red.ts';
import { unusedPort } from '../../support/unused-port.ts';
import { waitFor } from '../../support/wait-for.ts';
import { HOLDING, listener, request, response, script } from './flow-nodes.ts';
import { httpWorld } from './world.ts';

describe('an http2 listener', () => {
  const world = httpWorld();
  const { deploy, overBoth } = world;
  let stranger: Asker;
  before(async () => {
    const { door, authority } = world.nodeRed.services;
    stranger = await openAsker(`https://127.0.0.1:${door.port}`, { ca: authority.ca });
  });
  after(() => stranger[Symbol.asyncDispose]());
  const open = { callers: 'everybody' };
  const answering = (more: object, func = 'return msg;'): StoredNode[] => [
    listener('listener', more),
    request('in', { listener: 'listener', method: 'any', url: '/thing' }, 'script'),
    script('script', func),
    response('out'),
  ];

  it('on a plain port takes HTTP/2 by prior knowledge and HTTP/1.1', async () => {
    const port = await unusedPort();
    await deploy(
      ...answering(
        { port, transport: 'plain', callers: 'everybody' },
        'msg.payload = msg.req.httpVersion; return msg;',
      ),
    );
    await using asker = await openAsker(`http://127.0.0.1:${port}`);
    assert.equal((await asker.http2('/thing')).text, '2.0');
    assert.equal((await asker.http1('/thing')).text, '1.1');
  });

  it('on a TLS port of its own serves with a certificate of our CA, and knows who has one', async () => {
    const port = await unusedPort();
    await deploy(...answering({ port }, 'msg.payload = msg.req.identity; return msg;'));
    await using asker = await openAsker(`https://127.0.0.1:${port}`, world.nodeRed.services.identity);
    await overBoth(async (ask) => assert.equal((await ask('/thing')).text, 'chartwire-controller'), asker);
  });

  it('refuses to be plain on every network unless it is told so', async () => {
    await world.nodeRed.deploy([
      tab,
      ...catching,
      ...answering({ port: await unusedPort(), host: '0.0.0.0', transport: 'plain' }),
    ]);
    await world.nodeRed.statusOf('in', /SETTINGS_INVALID/);
  });

  it('lets in who has a certificate, and tells all others what is missing', async () => {
    await deploy(...answering({}));
    await overBoth(async (ask) => assert.equal((await ask('/thing')).status, 200));
    await overBoth(async (ask) => {
      const { status, text } = await ask('/thing');
      assert.equal(status, 401);
      assert.match(text, /"code":"IDENTITY_MISSING"/);
    }, stranger);
    assert.equal(world.nodeRed.log.filter((line) => /was refused: IDENTITY_MISSING/.test(line)).length, 1);
  });

  it('takes names and passwords, asks for them, and slows who guesses', async () => {
    await deploy(
      ...answering({ callers: 'basic', users: 'anna:pa%20ss ben:x' }, 'msg.payload = msg.req.identity; return msg;'),
    );
    const as = (text: string): Record<string, string> => ({
      authorization: `Basic ${Buffer.from(text).toString('base64')}`,
    });
    await overBoth(async (ask) => {
      assert.equal((await ask('/thing', { headers: as('anna:pa ss') })).text, 'anna');
      const refused = await ask('/thing');
      assert.equal(refused.status, 401);
      assert.match(String(refused.headers['www-authenticate']), /^Basic realm=/);
      for (const wrong of ['anna:x', 'nobody:x', 'anna']) {
        assert.equal((await ask('/thing', { headers: as(wrong) })).status, 401, wrong);
      }
    }, stranger);
    const guesses = await Promise.all(
      Array.from({ length: 40 }, (_, n) => stranger.http2('/thing', { headers: as(`anna:${n}`) })),
    );
    assert.ok(guesses.some(({ status }) => status === 429));
  });

  it('takes tokens signed by one of its keys, of its issuer, for its audience, with the scope of the node', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const stolen = await generateKeyPair('ES256');
    const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256' }] });
    const token = (more: object = {}, key = privateKey): Promise<string> =>
      new SignJWT({ scope: 'read write', plant: 7, ...more })
        .setProtectedHeader({ alg: 'ES256' })
        .setSubject('device-1')
        .setIssuer('issuer')
        .setAudience('plant')
        .setExpirationTime('exp' in more ? Number(more.exp) : '5m')
        .sign(key);
    await deploy(
      listener('listener', {
        callers: 'bearer',
        keys,
        issuer: 'issuer',
        audience: 'plant',
        tokens: 'robot:fixed-token',
      }),
      request('in', { listener: 'listener', url: '/thing', scope: 'write' }, 'script'),
      request('free', { listener: 'listener', url: '/free' }, 'script'),
      request('few', { listener: 'listener', url: '/few', identities: 'robot, device-2' }, 'script'),
      script('script', 'msg.payload = [msg.req.identity, msg.req.user?.plant]; return msg;'),
      response('out'),
    );
    const ask = async (path: string, text: string): Promise<[number, string]> => {
      const { status, text: answer } = await stranger.http2(path, { headers: { authorization: `Bearer ${text}` } });
      return [status, answer];
    };
    const good = await token();
    assert.deepEqual(await ask('/thing', good), [200, '["device-1",7]']);
    assert.deepEqual(await ask('/thing', good), [200, '["device-1",7]']);
    assert.deepEqual(await ask('/free', 'fixed-token'), [200, '["robot",null]']);
    assert.deepEqual(await ask('/few', 'fixed-token'), [200, '["robot",null]']);
    assert.equal((await ask('/few', good))[0], 403);
    assert.equal((await ask('/thing', await token({ scope: 'read' })))[0], 403);
    const [head, claims] = good.split('.');
    const forged = {
      expired: await token({ exp: Math.floor(Date.now() / 1000) - 60 }),
      'of another key': await token({}, stolen.privateKey),
      'without a signature': `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`,
      changed: `${head}.${Buffer.from('{"sub":"root"}').toString('base64url')}.${good.split('.')[2]}`,
      unknown: 'fixed-toke',
    };
    for (const [what, text] of Object.entries(forged)) assert.equal((await ask('/free', text))[0], 401, what);
    assert.equal((await stranger.http2('/free')).status, 401);
  });

  it('fetches the keys of tokens from where they are, and refuses tokens while they cannot be had', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(publicKey)), alg: 'ES256', kid: 'one' };
    let fetched = 0;
    const server = createServer((_request, answer) => {
      fetched += 1;
      answer.end(JSON.stringify({ keys: [jwk] }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const token = await new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .setSubject('d')
      .setExpirationTime('5m')
      .sign(privateKey);
    const headers = { authorization: `Bearer ${token}` };
    const keys = `http://127.0.0.1:${port}/keys`;
    await deploy(...answering({ callers: 'bearer', keys }, 'msg.payload = msg.req.identity; return msg;'));
    assert.equal((await stranger.http2('/thing', { headers })).text, 'd');
    assert.equal((await stranger.http1('/thing', { headers })).text, 'd');
    assert.equal(fetched, 1);
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
    await deploy(...answering({ callers: 'bearer', keys }));
    assert.equal((await stranger.http2('/thing', { headers })).status, 503);
  });

  it('lets pages of named origins ask, and no others', async () => {
    await deploy(
      ...answering({ ...open, corsOrigins: 'https://app.example, https://two.example', corsCredentials: true }),
    );
    await overBoth(async (ask) => {
      const headers = { origin: 'https://app.example' };
      const answered = await ask('/thing', { headers });
      assert.equal(answered.status, 200);
      assert.equal(answered.headers['access-control-allow-origin'], 'https://app.example');
      assert.equal(answered.headers['access-control-allow-credentials'], 'true');
      const preflight = await ask('/thing', {
        method: 'OPTIONS',
        headers: { ...headers, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'x-one' },
      });
      assert.equal(preflight.status, 204);
      assert.equal(preflight.headers['access-control-allow-methods'], 'PUT');
      assert.equal(preflight.headers['access-control-allow-headers'], 'x-one');
      assert.equal(preflight.headers['access-control-max-age'], '600');
      const foreign = await ask('/thing', { headers: { origin: 'https://evil.example' } });
      assert.deepEqual([foreign.status, foreign.headers['access-control-allow-origin']], [403, undefined]);
    }, stranger);
  });

  it('answers 504 when nothing answers in time, 408 when a body does not come, and tells a late answer to Catch', async () => {
    await deploy(...answering({ ...open, answerTimeoutMs: 300, bodyTimeoutMs: 300 }, HOLDING));
    await overBoth(async (ask) => {
      const { status, text } = await ask('/thing');
      assert.equal(status, 504);
      assert.match(text, /RESPONSE_MISSING/);
    }, stranger);
    const slow = stranger.session.request({ ':path': '/thing', ':method': 'POST' });
    slow.write('half');
    const [head] = await once(slow, 'response');
    assert.equal(head[':status'], 408);
    slow.destroy();
    world.nodeRed.send('script', { release: true });
    const late = await world.nodeRed.receivedBy('caught', 2);
    for (const message of late) assert.match(errorText(message), /^RESPONSE_LATE: /);
  });

  it('gives a body more time for what has come of it, or none', async () => {
    const url = `https://127.0.0.1:${world.nodeRed.services.door.port}/thing`;
    for (const [minBodyBytesPerSecond, expected] of [
      [100, 200],
      [0, 408],
    ]) {
      await deploy(...answering({ ...open, bodyTimeoutMs: 300, minBodyBytesPerSecond }));
      const { authority } = world.nodeRed.services;
      // Over HTTP/1.1 of a length and in chunks, which others read, and over HTTP/2.
      const asked = [{ 'content-length': '6000' }, {}].map((headers) =>
        tlsRequest(url, { method: 'POST', ca: authority.ca, agent: false, headers }),
      );
      const streams = [...asked, stranger.session.request({ ':path': '/thing', ':method': 'POST' })];
      const answers = streams.map((stream) => once(stream, 'response'));
      for (const stream of streams) stream.on('error', () => undefined).write('x'.repeat(3_000));
      if (expected === 200) {
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        for (const stream of streams) stream.end('y'.repeat(3_000));
      }
      const statuses = (await Promise.all(answers)).map(([head]) => head.statusCode ?? head[':status']);
      assert.deepEqual(statuses, [expected, expected, expected]);
      for (const stream of streams) stream.destroy();
    }
  });

  it('answers 503 above its open requests and 429 above its rate', async () => {
    await deploy(...answering({ ...open, maxOpen: 2 }, HOLDING));
    const refusals: Answer[] = [];
    const many = Array.from({ length: 6 }, async () => {
      const answer = await stranger.http2('/thing');
      if (answer.status === 503) refusals.push(answer);
      return answer.status;
    });
    await world.nodeRed.receivedBy('script', 2);
    await waitFor('the refusals', () => (refusals.length === 4 ? true : undefined));
    assert.equal(refusals[0]?.headers['retry-after'], '1');
    world.nodeRed.send('script', { release: true });
    assert.deepEqual(
      (await Promise.all(many)).toSorted((one, other) => one - other),
      [200, 200, 503, 503, 503, 503],
    );
    await deploy(...answering({ ...open, maxPerSecond: 3 }));
    const fast = await Promise.all(Array.from({ length: 12 }, () => stranger.http2('/thing')));
    const refused = fast.filter(({ status }) => status === 429).length;
    assert.ok(refused >= 1 && refused <= 9, `${refused} of 12 were refused`);
  });

  it('reads bodies as what they are, decompresses them, and refuses what is too large or broken', async () => {
    await deploy(
      listener('listener', { ...open, maxPayloadBytes: 1_000 }),
      request('in', { listener: 'listener', method: 'post', url: '/thing' }, 'script'),
      request('raw', { listener: 'listener', method: 'post', url: '/raw', skipBodyParsing: true }, 'script'),
      script(
        'script',
        'msg.payload = Buffer.isBuffer(msg.payload) ? { bytes: msg.payload.toString("hex") } : { value: msg.payload }; return msg;',
      ),
      response('out'),
    );
    const cases: [type: string, body: string | Buffer, expected: unknown][] = [
      ['application/json', '{"a":[1]}', { value: { a: [1] } }],
      ['application/problem+json; charset=utf-8', '[]', { value: [] }],
      ['application/x-www-form-urlencoded', 'a=1&a=2&b%5Bc%5D=x+y', { value: { a: ['1', '2'], b: { c: 'x y' } } }],
      ['text/plain', 'Grüße', { value: 'Grüße' }],
      ['application/xml', '<a/>', { value: '<a/>' }],
      ['application/octet-stream', 'ab', { bytes: '6162' }],
      ['image/png', Buffer.from([0xff, 0]), { bytes: 'ff00' }],
      ['application/vnd.own', Buffer.from([0xff, 0]), { bytes: 'ff00' }],
    ];
    await overBoth(async (ask) => {
      const post = async (path: string, type: string, body: string | Buffer, more = {}): Promise<[number, string]> => {
        const { status, text } = await ask(path, { method: 'POST', headers: { 'content-type': type, ...more }, body });
        return [status, text];
      };
      for (const [type, body, expected] of cases) {
        const [status, text] = await post('/thing', type, body);
        assert.equal(status, 200, type);
        assert.deepEqual(JSON.parse(text), expected, type);
      }
      assert.deepEqual(await post('/raw', 'application/json', '{}'), [200, '{"bytes":"7b7d"}']);
      const zipped = gzipSync('zipped');
      assert.deepEqual(await post('/thing', 'text/plain', zipped, { 'content-encoding': 'gzip' }), [
        200,
        '{"value":"zipped"}',
      ]);
      const refused: [number, string, string | Buffer, object][] = [
        [400, 'application/json', '{"a":', {}],
        [400, 'application/json', Buffer.from([0x22, 0xff, 0x22]), {}],
        [400, 'text/plain', 'no gzip', { 'content-encoding': 'gzip' }],
        [413, 'text/plain', 'x'.repeat(1_001), {}],
        [413, 'text/plain', gzipSync(Buffer.alloc(10_000_000)), { 'content-encoding': 'gzip' }],
        [415, 'text/plain', 'x', { 'content-encoding': 'compress' }],
      ];
      for (const [expected, type, body, more] of refused) {
        assert.equal((await post('/thing', type, body, more))[0], expected, `${expected} ${type}`);
      }
    }, stranger);
  });

  it('puts uploads on disk, gives them to the flow, and removes them; refuses those above its limits', async () => {
    const folder = join(world.nodeRed.home, 'own-uploads');
    await deploy(
      listener('listener', { ...open, uploadFolder: folder, maxUploadBytes: 5_000_000, maxFiles: 2 }),
      request('in', { listener: 'listener', method: 'post', url: '/thing', upload: true }, 'script'),
      script('script', DESCRIBE_FILES),
      response('out'),
    );
    const form = (parts: Record<string, string | Blob>): Promise<{ type: string; body: Buffer }> => {
      const data = new FormData();
      for (const [name, value] of Object.entries(parts)) {
        if (typeof value === 'string') data.append(name, value);
        else data.append(name, value, `${name}.bin`);
      }
      const packed = new Response(data);
      return packed
        .arrayBuffer()
        .then((bytes) => ({ type: packed.headers.get('content-type') ?? '', body: Buffer.from(bytes) }));
    };
    const large = new Blob([Buffer.alloc(2_000_000, 'l')], { type: 'application/x-own' });
    const larger = new Blob([Buffer.alloc(3_500_000)]);
    await overBoth(async (ask) => {
      const post = async (parts: Record<string, string | Blob>): Promise<[number, string]> => {
        const { type, body } = await form(parts);
        const { status, text } = await ask('/thing', { method: 'POST', headers: { 'content-type': type }, body });
        return [status, text];
      };
      const [status, text] = await post({ title: 'T', one: large, two: new Blob(['2']) });
      assert.equal(status, 200, text);
      assert.deepEqual(JSON.parse(text), {
        fields: { title: 'T' },
        files: [
          ['one', 'one.bin', 'application/x-own', 2_000_000, true, 2_000_000],
          ['two', 'two.bin', 'application/octet-stream', 1, true, 1],
        ],
      });
      assert.equal((await post({ a: large, b: larger }))[0], 413);
      const small = new Blob(['x']);
      assert.equal((await post({ a: small, b: small, c: small }))[0], 400);
      assert.equal(
        (await ask('/thing', { method: 'POST', headers: { 'content-type': 'multipart/form-data' }, body: 'x' })).status,
        400,
      );
      // A body that is no form is taken too.
      assert.equal(
        (await ask('/thing', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'plain' })).text,
        '"plain"',
      );
    }, stranger);
    while (existsSync(folder) && (await readdir(folder)).length > 0)
      await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it('checks bodies against the schema of the node, and tells of all requests in an OpenAPI document', async () => {
    const requestSchema = { type: 'object', required: ['n'], properties: { n: { type: 'number', maximum: 9 } } };
    await deploy(
      listener('listener', { path: '/api', callers: 'any', users: 'a:b', openApiPath: '/openapi.json', name: 'Plant' }),
      request(
        'in',
        { ...POST_ORDER, requestSchema: JSON.stringify(requestSchema), responseSchema: '{"type":"number"}' },
        'out',
      ),
      request('get', { listener: 'listener', url: '/orders/:id/*', callers: 'everybody' }, 'out'),
      response('out'),
    );
    const post = (body: string) =>
      world.asker.http2('/api/orders', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    assert.equal((await post('{"n":9}')).status, 200);
    const refused = await post('{"n":10}');
    assert.equal(refused.status, 400);
    assert.match(refused.text, /\/n must be <= 9 \(is 10\)/);
    assert.equal((await stranger.http2('/api/openapi.json')).status, 401);
    const document = JSON.parse((await world.asker.http2('/api/openapi.json')).text);
    assert.equal(document.openapi, '3.1.0');
    assert.deepEqual(document.info, { title: 'Plant', version: '1' });
    assert.deepEqual(document.servers, [{ url: '/api' }]);
    assert.deepEqual(Object.keys(document.paths), ['/openapi.json', '/orders', '/orders/{id}/{0}']);
    const { post: order } = document.paths['/orders'];
    assert.deepEqual(order.requestBody.content, { 'application/json': { schema: requestSchema } });
    assert.deepEqual(order.responses[200].content, { 'application/json': { schema: { type: 'number' } } });
    assert.deepEqual([order.summary, order.description], ['Take an order', 'One at a time.']);
    assert.deepEqual(order.security, [{ certificate: [] }, { basic: [] }]);
    assert.equal(document.paths['/orders/{id}/{0}'].get.security, undefined);
  });

  it('runs middleware and routers for Express before the flow, over HTTP/2 and HTTP/1.1', async () => {
    const folder = join(world.nodeRed.home, 'middleware');
    await mkdir(folder, { recursive: true });
    const file = join(folder, 'all.mjs');
    await writeFile(file, MIDDLEWARE(import.meta.resolve('express')));
    await deploy(
      ...answering(
        { ...open, path: '/site', middleware: file },
        'msg.payload = [msg.req.user, msg.req.tenant, msg.payload]; return msg;',
      ),
    );
    await overBoth(async (ask) => {
      const { text, headers } = await ask('/site/thing?a=1');
      assert.equal(text, '["from middleware","t1",{"a":"1"}]');
      assert.equal(headers['x-middleware'], 'yes');
      const posted = await ask('/site/thing', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"n":1}',
      });
      assert.equal(posted.text, '["from middleware","t1",{"n":1}]');
      assert.equal((await ask('/site/router/item/5')).text, '{"item":"5"}');
      assert.deepEqual([(await ask('/site/broken')).status, (await ask('/site/nothing')).status], [500, 404]);
    }, stranger);
    const missing = join(folder, 'missing.mjs');
    await world.nodeRed.deploy([tab, ...catching, ...answering({ ...open, middleware: missing })]);
    await world.nodeRed.statusOf('in', /MIDDLEWARE_UNUSABLE/);
  });

  it('tells who waits that it closes, when the flow is deployed again', async () => {
    await deploy(...answering(open, 'return null;'));
    const waiting = stranger.http2('/thing');
    await world.nodeRed.statusOf('in', /^1 open/);
    await deploy(response('out'));
    const { status, text } = await waiting;
    assert.equal(status, 503);
    assert.match(text, /NODE_CLOSED/);
    assert.equal((await stranger.http2('/thing')).status, 404);
  });
});

const POST_ORDER = {
  listener: 'listener',
  name: 'Take an order',
  description: 'One at a time.',
  method: 'post',
  url: '/orders',
};
const DESCRIBE_FILES = `
  const files = msg.req.files?.map((file) => [file.fieldname, file.originalname, file.mimetype, file.size,
    fs.existsSync(file.path), file.buffer.length]);
  msg.payload = files === undefined ? JSON.stringify(msg.payload) : { fields: msg.payload, files };
  return msg;`;
const MIDDLEWARE = (express: string): string => `
  import express from '${express}';
  const router = express.Router();
  router.get('/router/item/:id', (request, response) => response.json({ item: request.params.id }));
  router.get('/broken', () => { throw new Error('on purpose'); });
  export default [
    (request, response, next) => {
      request.user = 'from middleware';
      request.tenant = 't1';
      response.setHeader('x-middleware', 'yes');
      next();
    },
    express.json(),
    router,
  ];`;
