import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { FlowMessage } from '../../../../nodes/adapter/message.ts';
import { http1Server, type TestServer } from '../../../http/client/world.ts';
import { errorText } from '../../../support/node-red.ts';
import { basic, mirror, request, requestWorld, type Seen, type Settings } from './world.ts';

const row = (keyType: string, keyValue: string, valueType: string, valueValue: string): Settings => ({
  keyType,
  keyValue,
  valueType,
  valueValue,
});
const secrets = { credentials: { user: 'me', password: 'secret' } };
const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' } };

/** What settings and message say, and what the server sees of it. */
const SENT: [string, Settings, FlowMessage, (seen: Seen) => unknown, unknown][] = [
  ...['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map(
    (method) =>
      [`method ${method}`, { method }, {}, (s: Seen) => s.method, method] as [
        string,
        Settings,
        FlowMessage,
        (seen: Seen) => unknown,
        unknown,
      ],
  ),
  ['msg.method', { method: 'use' }, { method: 'patch' }, (s) => s.method, 'PATCH'],
  ['GET without msg.method', { method: 'use' }, {}, (s) => s.method, 'GET'],
  [
    'url with a template',
    { path: '/a/{{payload.id}}/{{{topic}}}' },
    { payload: { id: 'x/y z' }, topic: 'b/c' },
    (s) => s.url,
    '/a/x%2Fy%20z/b/c',
  ],
  ['a query with a stray %', { path: '/?a=20%&b=%20' }, {}, (s) => s.url, '/?a=20%25&b=%20'],
  ['paytoqs ignore', { paytoqs: 'ignore' }, { payload: { a: 1 } }, (s) => [s.url, s.body], ['/', '']],
  [
    'paytoqs query',
    { path: '/?x=1', paytoqs: 'query' },
    { payload: { a: 1, b: ['c', 'd e'] } },
    (s) => s.url,
    '/?x=1&a=1&b=c&b=d%20e',
  ],
  ['paytoqs body', { paytoqs: 'body' }, { payload: { a: 1 } }, (s) => [s.method, s.body], ['GET', '{"a":1}']],
  ['a body of text', { method: 'POST' }, { payload: 'text' }, (s) => s.body, 'text'],
  ['a body of bytes', { method: 'POST' }, { payload: Buffer.from('bytes') }, (s) => s.body, 'bytes'],
  ['a body of a number', { method: 'POST' }, { payload: 42 }, (s) => s.body, '42'],
  [
    'a body of JSON',
    { method: 'POST' },
    { payload: { a: [1] } },
    (s) => [s.body, s.headers['content-type']],
    ['{"a":[1]}', 'application/json'],
  ],
  ['a body of a form', { method: 'POST' }, { payload: { a: 'b c' }, ...form }, (s) => s.body, 'a=b%20c'],
  ['authType basic', { authType: 'basic', ...secrets }, {}, (s) => s.headers['authorization'], basic],
  ['a name in the address', { user: 'me:secret@' }, {}, (s) => s.headers['authorization'], basic],
  [
    'authType bearer',
    { authType: 'bearer', credentials: { password: 'token' } },
    {},
    (s) => s.headers['authorization'],
    'Bearer token',
  ],
  ['headers, fixed', { headers: [row('other', 'X-A', 'other', 'one')] }, {}, (s) => s.headers['x-a'], 'one'],
  [
    'headers of the message in a row',
    { headers: [row('msg', 'name', 'msg', 'payload.v')] },
    { name: 'X-B', payload: { v: 2 } },
    (s) => s.headers['x-b'],
    '2',
  ],
  [
    'a header of the environment',
    { headers: [row('other', 'X-C', 'env', 'CHARTWIRE_TEST_HEADER')] },
    {},
    (s) => s.headers['x-c'],
    'from outside',
  ],
  ['msg.headers', {}, { headers: { 'X-D': 'message' } }, (s) => s.headers['x-d'], 'message'],
  [
    'headers before msg.headers',
    { headers: [row('other', 'X-E', 'other', 'node')] },
    { headers: { 'x-e': 'message' } },
    (s) => s.headers['x-e'],
    'node',
  ],
  [
    'an empty header takes one away',
    { headers: [row('other', 'X-F', 'other', '')] },
    { headers: { 'x-f': 'message' } },
    (s) => s.headers['x-f'],
    undefined,
  ],
  [
    'no headers of a response before',
    {},
    { headers: { 'x-g': 'old', 'x-node-red-request-node': 'abc' } },
    (s) => s.headers['x-g'],
    undefined,
  ],
  [
    'msg.cookies',
    {},
    { cookies: { a: 'b c', d: { value: 'e f', encode: false }, g: { value: null }, h: null } },
    (s) => s.headers['cookie'],
    'a=b%20c; d=e f',
  ],
  [
    'cookies of a header too',
    {},
    { headers: { cookie: 'x=1; y=2' }, cookies: { x: '3' } },
    (s) => s.headers['cookie'],
    'y=2; x=3',
  ],
  [
    'msg.idempotencyKey',
    { method: 'POST' },
    { idempotencyKey: 'order-7' },
    (s) => s.headers['idempotency-key'],
    '"order-7"',
  ],
  ['no idempotency key unless it is asked for', { method: 'POST' }, {}, (s) => s.headers['idempotency-key'], undefined],
  ['decompress off', { decompress: false }, {}, (s) => s.headers['accept-encoding'], undefined],
];

describe('an http2 request sends', () => {
  const { nodeRed, ask, deploy } = requestWorld();
  before(() => (process.env['CHARTWIRE_TEST_HEADER'] = 'from outside'));
  after(() => delete process.env['CHARTWIRE_TEST_HEADER']);

  let server: TestServer;
  before(async () => (server = await http1Server(mirror)));
  after(() => server[Symbol.asyncDispose]());
  for (const [what, settings, message, find, expected] of SENT) {
    it(what, async () => {
      const { path = '/', user = '', ...rest } = settings as { path?: string; user?: string };
      const url = server.url.replace('://', `://${user}`) + path;
      const answer = await ask({ url, ret: 'obj', ...rest }, message);
      assert.equal(errorText(answer), '');
      assert.deepEqual(find(answer.payload as Seen), expected);
    });
  }

  it('msg.url where it has no address, and http:// where that has no scheme', async () => {
    const answer = await ask({ url: '', ret: 'obj' }, { url: `${server.url.replace('http://', '')}/said` });
    assert.equal((answer.payload as Seen).url, '/said');
    assert.equal(answer['responseUrl'], `${server.url}/said`);
  });

  it('a key of its own for each POST when it is told to', async () => {
    const keys = new Set<string>();
    await deploy(request({ url: server.url, method: 'POST', ret: 'obj', idempotencyKey: true }));
    for (const payload of ['a', 'b']) nodeRed().send('ours', { payload });
    for (const { payload } of await nodeRed().receivedBy('answers', 2))
      keys.add((payload as Seen).headers['idempotency-key']!);
    assert.equal(keys.size, 2);
    for (const key of keys) assert.match(key, /^"[0-9a-f-]{36}"$/);
  });

  it('a form with files', async () => {
    const payload = {
      field: 'text',
      list: { a: 1 },
      file: { value: Buffer.from([0, 255]), options: { filename: 'a "b".bin', contentType: 'image/x' } },
      nothing: null,
    };
    const answer = await ask(
      { url: server.url, method: 'POST', ret: 'obj' },
      { payload, headers: { 'content-type': 'multipart/form-data' } },
    );
    const { headers, body } = answer.payload as Seen;
    const parsed = await new Response(Buffer.from(body), {
      headers: { 'content-type': headers['content-type']! },
    }).formData();
    assert.deepEqual([parsed.get('field'), parsed.get('list'), parsed.get('nothing')], ['text', '{"a":1}', null]);
    const file = parsed.get('file') as File;
    assert.deepEqual([file.name, file.type], ['a "b".bin', 'image/x']);
  });

  it('what digest asks for, once for many requests', async () => {
    const counts: string[] = [];
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
    await using asking = await http1Server((incoming, response) => {
      const said = incoming.headers.authorization ?? '';
      const part = (name: string): string => new RegExp(`${name}="?([^",]+)`).exec(said)?.[1] ?? '';
      const [ha1, ha2] = [md5('me:plant:secret'), md5(`${incoming.method}:${incoming.url}`)];
      const expected = md5([ha1, 'n0', part('nc'), part('cnonce'), 'auth', ha2].join(':'));
      counts.push(part('nc'));
      if (part('response') === expected) return void response.end('known');
      response.writeHead(401, {
        'www-authenticate': 'Basic realm="x", Digest realm="plant", nonce="n0", qop="auth,auth-int", algorithm=MD5',
      });
      response.end();
    });
    await deploy(request({ url: `${asking.url}/a?b=c`, authType: 'digest', ...secrets }));
    for (let index = 1; index <= 3; index += 1) {
      nodeRed().send('ours', {});
      const answers = await nodeRed().receivedBy('answers', index);
      assert.equal(answers.at(-1)!.payload, 'known');
    }
    assert.deepEqual(counts, ['', '00000001', '00000002', '00000003']);
  });
});
