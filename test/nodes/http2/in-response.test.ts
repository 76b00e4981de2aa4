import assert from 'node:assert/strict';
import type { SiteRequest } from '../../../src/http/site-request.ts';
import { catching, errorText, tab } from '../../support/node-red.ts';
import { request, response, script } from './flow-nodes.ts';
import { httpWorld } from './world.ts';

describe('http2 in and response', () => {
  const world = httpWorld();
  const { deploy, overBoth } = world;

  it('answer over HTTP/2 and HTTP/1.1 what the flow says', async () => {
    await deploy(request('in', { url: '/hello/:name' }, 'script'), script('script', SAY_HELLO), response('out'));
    await overBoth(async (ask) => {
      const { status, text, headers } = await ask('/hello/J%C3%BCrgen?greeting=Hi');
      assert.deepEqual([status, text], [201, 'Hi Jürgen']);
      assert.equal(headers['content-type'], 'text/html; charset=utf-8');
      assert.equal(headers['x-made-by'], 'flow');
    });
  });

  it('say the length an answer has, whatever the flow says of it', async () => {
    await deploy(
      request('in', { url: '/length' }, 'script'),
      script('script', 'msg.headers = { "content-length": "2" }; msg.payload = "hello"; return msg;'),
      response('out'),
    );
    await overBoth(async (ask) => {
      const { text, headers } = await ask('/length');
      assert.deepEqual([text, headers['content-length']], ['hello', '5']);
    });
  });

  it('give the flow the request as the core node has it', async () => {
    await deploy(
      request('in', { method: 'post', url: '/orders/:id' }, 'script'),
      script('script', ECHO_REQUEST),
      response('out'),
    );
    await overBoth(async (ask) => {
      const { text } = await ask('/orders/7?a=1&a=2&b[c]=3', {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie: 'one=1; two=%20x' },
        body: '{"n":5}',
      });
      const seen = JSON.parse(text) as Partial<SiteRequest>;
      assert.deepEqual(seen.params, { id: '7' });
      assert.deepEqual(seen.query, { a: ['1', '2'], b: { c: '3' } });
      assert.deepEqual(seen.cookies, { one: '1', two: ' x' });
      assert.deepEqual(seen.body, { n: 5 });
      assert.deepEqual([seen.method, seen.path, seen.identity], ['POST', '/orders/7', 'chartwire-controller']);
    });
  });

  it('give the flow the fields that follow a body', async () => {
    await deploy(
      request('in', { method: 'post', url: '/trailers' }, 'script'),
      script('script', 'msg.payload = [msg.payload, msg.req.trailers["x-sum"]]; return msg;'),
      response('out'),
    );
    const stream = world.asker.session.request(
      { ':path': '/trailers', ':method': 'POST', 'content-type': 'text/plain' },
      {
        waitForTrailers: true,
      },
    );
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '6' }));
    stream.end('body');
    stream.setEncoding('utf8');
    let text = '';
    for await (const chunk of stream) text += chunk;
    assert.equal(text, '["body","6"]');
  });

  it('take every method, HEAD with GET, and say which there are', async () => {
    const methods = ['get', 'post', 'put', 'patch', 'delete', 'options'];
    await deploy(
      ...methods.map((method) => request(method, { method, url: '/thing' }, 'script')),
      request('only', { method: 'put', url: '/only' }, 'script'),
      request('any', { method: 'any', url: '/any' }, 'script'),
      script('script', 'msg.payload = msg.req.method; return msg;'),
      response('out'),
    );
    await overBoth(async (ask) => {
      for (const method of methods)
        assert.equal((await ask('/thing', { method: method.toUpperCase() })).text, method.toUpperCase());
      const head = await ask('/thing', { method: 'HEAD' });
      assert.deepEqual([head.status, head.text, head.headers['content-length']], [200, '', '4']);
      assert.equal((await ask('/any', { method: 'DELETE' })).text, 'DELETE');
      const refused = await ask('/only');
      assert.deepEqual([refused.status, refused.headers.allow], [405, 'PUT, OPTIONS']);
      assert.match(refused.text, /METHOD_REFUSED/);
      const options = await ask('/only', { method: 'OPTIONS' });
      assert.deepEqual([options.status, options.headers.allow], [204, 'PUT, OPTIONS']);
      assert.equal((await ask('/nothing')).status, 404);
      assert.equal((await ask('/%ff')).status, 404);
    });
  });

  it('set cookies, headers and a status as the core node does', async () => {
    await deploy(
      request('in', { url: '/cookies' }, 'script'),
      script('script', SET_COOKIES),
      response('out', { statusCode: '202', headers: { 'X-Fixed': 'node', 'X-Both': 'node' } }),
    );
    await overBoth(async (ask) => {
      const { status, headers } = await ask('/cookies');
      assert.equal(status, 202);
      assert.deepEqual([headers['x-fixed'], headers['x-both'], headers['x-own']], ['node', 'node', 'message']);
      assert.deepEqual(headers['set-cookie'], [
        'plain=a%20b; Path=/',
        'full=v; Max-Age=60; Domain=example.org; Path=/x; Expires=Thu, 01 Jan 2032 00:00:00 GMT; HttpOnly; Secure; SameSite=Strict',
        'gone=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
      ]);
    });
  });

  it('answer once; a second answer and one to nothing go to Catch', async () => {
    await deploy(
      request('in', { url: '/once' }, 'script'),
      script('script', 'node.send(msg); return msg;'),
      response('out'),
      request('other', { url: '/other' }, 'strip'),
      script('strip', 'delete msg.res; return msg;'),
    );
    assert.equal((await world.asker.http2('/once')).status, 200);
    assert.match(errorText((await world.nodeRed.receivedBy('caught', 1))[0]!), /^RESPONSE_LATE: /);
    world.nodeRed.send('out', { payload: 1 });
    assert.match(errorText((await world.nodeRed.receivedBy('caught', 2))[1]!), /^RESPONSE_UNKNOWN: /);
  });

  it('refuse two nodes for one method of one path', async () => {
    await deploy(request('first', { url: '/twice' }, 'out'), response('out'));
    await world.nodeRed.deploy(
      [
        tab,
        ...catching,
        request('first', { url: '/twice' }, 'out'),
        response('out'),
        request('second', { url: '/twice' }, 'out'),
      ],
      'nodes',
    );
    await world.nodeRed.statusOf('second', /^PATH_TAKEN: /);
    assert.equal((await world.asker.http2('/twice')).status, 200);
  });
});

const SAY_HELLO = `
  msg.payload = msg.payload.greeting + ' ' + msg.req.params.name;
  msg.statusCode = 201;
  msg.headers = { 'X-Made-By': 'flow' };
  return msg;`;
const ECHO_REQUEST = `
  const { params, query, cookies, body, method, path, identity } = msg.req;
  msg.payload = { params, query, cookies, body, method, path, identity };
  return msg;`;
const SET_COOKIES = `
  msg.headers = { 'X-Own': 'message', 'X-Both': 'message', connection: 'close' };
  msg.cookies = {
    plain: 'a b',
    full: { value: 'v', maxAge: 60000, domain: 'example.org', path: '/x', expires: new Date('2032-01-01'), httpOnly: true, secure: true, sameSite: true },
    gone: null,
  };
  return msg;`;
