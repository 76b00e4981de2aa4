import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { testIdentities } from '../../../front-door/test-door.ts';
import { http1Server, http2Server } from '../../../http/client/world.ts';
import { errorText } from '../../../support/node-red.ts';
import { mirror, requestWorld, type Seen } from './world.ts';

describe('an http2 request emits', () => {
  const { ask } = requestWorld();

  it('text, bytes or JSON, with status, headers, cookies and where it came from', async () => {
    await using server = await http2Server((_request, response) => {
      response.writeHead(201, { 'x-a': 'b', 'set-cookie': ['c=d%20e; Path=/; HttpOnly', 'f=g'] });
      response.end('{"h":"ü"}');
    });
    const { authority } = await testIdentities();
    for (const [ret, expected] of [
      ['txt', '{"h":"ü"}'],
      ['bin', Buffer.from('{"h":"ü"}')],
      ['obj', { h: 'ü' }],
    ]) {
      const answer = await ask({ url: server.url, ret }, { keep: 1, payload: 'asked' }, { ca: authority.ca });
      const { payload, statusCode, headers, responseCookies, responseUrl, redirectList, retry, httpVersion, keep } =
        answer;
      assert.deepEqual(payload, expected);
      assert.deepEqual(
        [statusCode, responseUrl, redirectList, retry, httpVersion, keep],
        [201, `${server.url}/`, [], 0, '2', 1],
      );
      assert.equal((headers as Record<string, string>)['x-a'], 'b');
      assert.deepEqual(responseCookies, { c: { Path: '/', value: 'd e' }, f: { value: 'g' } });
    }
  });

  it('text in the charset of the response', async () => {
    await using server = await http1Server((_request, response) => {
      response.setHeader('content-type', 'text/plain; charset=ISO-8859-1');
      response.end(Buffer.from([0xfc]));
    });
    assert.equal((await ask({ url: server.url }, {})).payload, 'ü');
  });

  it('{} for no content where JSON is wanted, and an error for what is none', async () => {
    await using server = await http1Server((incoming, response) => {
      if (incoming.url === '/none') response.writeHead(204).end();
      else response.end('<html>');
    });
    assert.deepEqual((await ask({ url: `${server.url}/none`, ret: 'obj' }, {})).payload, {});
    assert.match(errorText(await ask({ url: server.url, ret: 'obj' }, {})), /^RESPONSE_INVALID: .*no JSON/);
  });

  it('nothing of the body for HEAD', async () => {
    await using server = await http1Server((_request, response) =>
      response.writeHead(200, { 'content-length': 1000, 'content-encoding': 'gzip' }).end(),
    );
    const answer = await ask({ url: server.url, method: 'HEAD' }, { payload: 'not sent' });
    assert.deepEqual([answer.payload, answer['statusCode']], ['', 200]);
  });

  it('where it was led through, with the cookies set on the way', async () => {
    await using server = await http1Server((incoming, response) => {
      if (incoming.url === '/to') mirror(incoming, response);
      else response.writeHead(302, { location: '/to', 'set-cookie': 'a=b; Path=/' }).end();
    });
    const answer = await ask({ url: server.url, ret: 'obj' }, {});
    assert.deepEqual(answer['redirectList'], [{ location: '/to', cookies: { a: { Path: '/', value: 'b' } } }]);
    assert.equal(answer['responseUrl'], `${server.url}/to`);
    assert.equal((answer.payload as Seen).headers['cookie'], 'a=b');
    assert.equal((await ask({ url: server.url, followRedirects: false }, {}))['statusCode'], 302);
    assert.equal((await ask({ url: server.url }, { followRedirects: false }))['statusCode'], 302);
    assert.equal(
      (await ask({ url: server.url, followRedirects: false }, { followRedirects: true }))['statusCode'],
      200,
    );
    assert.match(errorText(await ask({ url: server.url }, {}, { maxRedirects: 0 })), /leads on and on/);
  });

  it('compressed bytes as they are when it is told to', async () => {
    await using server = await http1Server((_request, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync('plain'));
    });
    assert.equal((await ask({ url: server.url }, {})).payload, 'plain');
    assert.deepEqual((await ask({ url: server.url, ret: 'bin', decompress: false }, {})).payload, gzipSync('plain'));
  });
});
