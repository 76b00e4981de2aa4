import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { CookieJar } from '../../../src/http/client/index.ts';
import { isFault } from '../../../src/fault.ts';
import { withMoreTime } from '../../support/with-more-time.ts';
import {
  allOf,
  h2cServer,
  http1Server,
  http2Server,
  https1Server,
  requestOf,
  testClient,
  type TestServer,
} from './world.ts';

const echo = (request: IncomingMessage, response: ServerResponse): void => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { method, url, headers, httpVersion } = request;
    const body = Buffer.concat(chunks).toString();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ method, url, headers, httpVersion, body }));
  });
};
const seen = (
  body: Buffer,
): { method: string; url: string; headers: Record<string, string>; httpVersion: string; body: string } =>
  JSON.parse(body.toString());
const code = (expected: string) => (error: unknown) => isFault(error) && error.code === expected;

/** Each way to speak to a server, and what it is then spoken to with. */
const WAYS: [string, (listener: typeof echo) => Promise<TestServer>, 'auto' | 'h2', string][] = [
  ['HTTP/2 over TLS', http2Server, 'auto', '2.0'],
  ['HTTP/1.1 over TLS where the server has no HTTP/2', https1Server, 'auto', '1.1'],
  ['HTTP/1.1 in the clear', http1Server, 'auto', '1.1'],
  ['HTTP/2 in the clear, by prior knowledge', h2cServer, 'h2', '2.0'],
];

for (const [way, open, protocol, version] of WAYS) {
  describe(`the client over ${way}`, () => {
    it('sends method, path, headers and body, and gives all of the response', async () => {
      await using server = await open(echo);
      await using client = await testClient({ protocol });
      const answer = await client.fetch(
        requestOf(`${server.url}/a/b?c=d`, { method: 'PUT', headers: { 'X-Own': 'mine' }, body: Buffer.from('hello') }),
      );
      const { method, url, headers, httpVersion, body } = seen(answer.body);
      assert.deepEqual([method, url, httpVersion, body], ['PUT', '/a/b?c=d', version, 'hello']);
      assert.deepEqual([headers['x-own'], headers['content-length']], ['mine', '5']);
      assert.deepEqual([answer.status, answer.url, answer.retries], [200, `${server.url}/a/b?c=d`, 0]);
    });

    it('uses its connection again', async () => {
      await using server = await open(echo);
      await using client = await testClient({ protocol });
      for (let index = 0; index < 5; index += 1) await client.fetch(requestOf(server.url));
      assert.equal(server.connections(), 1);
    });

    it('opens a connection for each request when it is told to', async () => {
      await using server = await open(echo);
      await using client = await testClient({ protocol, keepAlive: false });
      for (let index = 0; index < 3; index += 1) await client.fetch(requestOf(server.url));
      assert.equal(server.connections(), 3);
    });

    it('streams a body up while it is made', async () => {
      let heard: (() => void) | undefined;
      const first = new Promise<void>((resolve) => (heard = resolve));
      await using server = await open((request, response) => {
        request.once('data', () => heard?.());
        echo(request, response);
      });
      await using client = await testClient({ protocol });
      async function* parts(): AsyncGenerator<Buffer> {
        yield Buffer.from('one ');
        await first;
        yield Buffer.from('two');
      }
      const answer = await client.fetch(requestOf(server.url, { method: 'POST', body: Readable.from(parts()) }));
      assert.equal(seen(answer.body).body, 'one two');
    });

    it('gives a body chunk by chunk, as fast as it is asked for', async () => {
      let written = 0;
      await using server = await open((_request, response) => {
        const write = (): void => {
          while (written < 256_000_000) {
            written += 64_000;
            if (!response.write(Buffer.alloc(64_000))) return void response.once('drain', write);
          }
          response.end();
        };
        write();
      });
      await using client = await testClient({ protocol });
      const answer = await client.open(requestOf(server.url));
      const first = await answer.body.next();
      assert.ok(first.value !== undefined && first.value.length > 0);
      for (let before = -1; before !== written;) {
        before = written;
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      assert.ok(written < 128_000_000, `${written} bytes were taken off a far side nobody listened to`);
      await answer.body.return();
    });

    it('gives all of a body whose end comes by itself', async () => {
      await using server = await open((_request, response) => {
        response.write('all');
        setTimeout(() => response.end(), 10);
      });
      await using client = await testClient({ protocol });
      for (let index = 0; index < 2; index += 1) {
        const { body } = await client.open(requestOf(server.url));
        assert.equal((await allOf(body)).toString(), 'all');
      }
      assert.equal(server.connections(), 1);
    });

    it('has room for the next when a body is given up, begun or not, compressed or not', async () => {
      await using server = await open((request, response) => {
        const packed = request.url === '/packed';
        response.writeHead(200, packed ? { 'content-encoding': 'gzip' } : {});
        response.write(packed ? gzipSync(randomBytes(300_000)) : Buffer.alloc(300_000));
      });
      await using client = await testClient({ protocol, maxInFlight: 1 });
      for (const path of ['/', '/packed']) {
        for (const begun of [false, true]) {
          const { body } = await client.open(requestOf(server.url + path));
          if (begun) await body.next();
          await body.return();
          assert.equal((await body.next()).done, true);
        }
      }
      while (client.load.inFlight > 0) await new Promise(setImmediate);
    });

    it('ends a request at the signal, and the far side sees it go', async () => {
      const gone = Promise.withResolvers<void>();
      const asked = Promise.withResolvers<void>();
      await using server = await open((_request, response) => {
        response.once('close', () => gone.resolve());
        asked.resolve();
      });
      await using client = await testClient({ protocol });
      const life = new AbortController();
      const answer = client.fetch(requestOf(server.url, { signal: life.signal }));
      await asked.promise;
      life.abort(new Error('redeployed'));
      await assert.rejects(answer, /redeployed/);
      await gone.promise;
      assert.deepEqual(client.load, { inFlight: 0, waiting: 0 });
    });

    it('gives up when no response, or no end of it, comes in time', async () => {
      await using server = await open((request, response) => {
        if (request.url === '/half') response.write('a');
      });
      await using hasty = await testClient({ protocol, headersTimeoutMs: 50, maxRetries: 0 });
      await assert.rejects(hasty.fetch(requestOf(server.url)), /no response within 50 ms/);
      await using client = await testClient({ protocol, bodyTimeoutMs: 50, maxRetries: 0 });
      await assert.rejects(client.fetch(requestOf(`${server.url}/half`)), /no more of the response within 50 ms/);
      await assert.rejects(
        client.fetch(requestOf(`${server.url}/half`, { timeoutMs: 20 })),
        /no complete response within 20 ms/,
      );
    });

    it('takes no more than its limit, as it is sent or as it was before compression', async () => {
      await using server = await open((request, response) => {
        if (request.url === '/bomb') {
          response.writeHead(200, { 'content-encoding': 'gzip' });
          response.end(gzipSync(Buffer.alloc(20_000_000)));
        } else response.end(Buffer.alloc(5000));
      });
      await using client = await testClient({ protocol, maxResponseBytes: 4999 });
      await assert.rejects(client.fetch(requestOf(server.url)), code('RESPONSE_TOO_LARGE'));
      await assert.rejects(client.fetch(requestOf(`${server.url}/bomb`)), code('RESPONSE_TOO_LARGE'));
    });

    it('undoes every compression it asks for', async () => {
      const pack = { br: brotliCompressSync, zstd: zstdCompressSync, gzip: gzipSync, deflate: deflateSync };
      await using server = await open((request, response) => {
        const coding = request.url!.slice(1) as keyof typeof pack;
        assert.ok(request.headers['accept-encoding']?.includes(coding));
        response.writeHead(200, { 'content-encoding': coding });
        response.end(pack[coding]('plain'));
      });
      await using client = await testClient({ protocol });
      for (const coding of Object.keys(pack)) {
        const answer = await client.fetch(requestOf(`${server.url}/${coding}`));
        assert.equal(answer.body.toString(), 'plain');
        assert.equal(answer.headers['content-encoding'], undefined);
      }
      const raw = await client.fetch(
        requestOf(`${server.url}/gzip`, { decompress: false, headers: { 'Accept-Encoding': 'gzip' } }),
      );
      assert.deepEqual(raw.body, gzipSync('plain'));
    });

    it('says what cannot be decompressed', async () => {
      await using server = await open((_request, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' });
        response.end('this is no gzip');
      });
      await using client = await testClient({ protocol });
      await assert.rejects(client.fetch(requestOf(server.url)), /RESPONSE_INVALID|cannot be decompressed/);
    });

    it('lets no more under way than its limit, no more wait than that, and goes on with who waits', async () => {
      let most = 0;
      let now = 0;
      await using server = await open((_request, response) => {
        most = Math.max(most, (now += 1));
        setTimeout(() => {
          now -= 1;
          response.end('x');
        }, 20);
      });
      await using client = await testClient({ protocol, maxInFlight: 2, maxWaiting: 3 });
      const answers = await Promise.allSettled(Array.from({ length: 8 }, () => client.fetch(requestOf(server.url))));
      assert.equal(most, 2);
      assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 5);
      assert.ok(answers.every((answer) => answer.status === 'fulfilled' || code('QUEUE_FULL')(answer.reason)));
    });

    it('follows redirects, with cookies, and no further than its limit', async () => {
      await using server = await open((request, response) => {
        if (request.url === '/loop') response.writeHead(302, { location: '/loop' }).end();
        else if (request.url === '/from')
          response.writeHead(302, { location: '/to', 'set-cookie': ['a=1; Path=/', 'b=2; Path=/elsewhere'] }).end();
        else echo(request, response);
      });
      await using client = await testClient({ protocol, maxRedirects: 3 });
      const answer = await client.fetch(requestOf(`${server.url}/from`, { method: 'POST', body: Buffer.from('x') }));
      const { method, body, headers } = seen(answer.body);
      assert.deepEqual([method, body, headers['cookie'], headers['content-length']], ['GET', '', 'a=1', undefined]);
      assert.equal(answer.url, `${server.url}/to`);
      assert.deepEqual(answer.redirects, [{ location: '/to', setCookies: ['a=1; Path=/', 'b=2; Path=/elsewhere'] }]);
      await assert.rejects(client.fetch(requestOf(`${server.url}/loop`)), /leads on and on/);
      const first = await client.fetch(requestOf(`${server.url}/from`, { followRedirects: false }));
      assert.equal(first.status, 302);
    });

    it('refuses to be led where no web server is, and has room for the next', async () => {
      await using server = await open((request, response) =>
        response.writeHead(302, { location: request.url === '/file' ? 'file:///etc/passwd' : 'http://[' }).end(),
      );
      await using client = await testClient({ protocol, maxInFlight: 1 });
      for (const path of ['/file', '/none']) {
        await assert.rejects(client.fetch(requestOf(server.url + path)), /leads to no web address/);
      }
      while (client.load.inFlight > 0) await new Promise(setImmediate);
    });

    it('repeats what may be repeated, and waits as the far side says', async () => {
      let asked = 0;
      await using server = await open((_request, response) => {
        asked += 1;
        if (asked % 3 === 0) response.end('done');
        else response.writeHead(503, asked === 1 ? { 'retry-after': '0' } : {}).end();
      });
      await using client = await testClient({ protocol });
      assert.equal((await client.fetch(requestOf(server.url))).retries, 2);
      const post = await client.fetch(requestOf(server.url, { method: 'POST', body: Buffer.from('x') }));
      assert.deepEqual([post.status, post.retries, asked], [503, 0, 4]);
      const keyed = await client.fetch(
        requestOf(server.url, { method: 'POST', body: Buffer.from('x'), headers: { 'Idempotency-Key': '"k"' } }),
      );
      assert.deepEqual([keyed.status, keyed.retries], [200, 1]);
    });

    it('gives a response that asks for too long a wait to who asked', async () => {
      await using server = await open((_request, response) => response.writeHead(429, { 'retry-after': '3600' }).end());
      await using client = await testClient({ protocol });
      assert.equal((await client.fetch(requestOf(server.url))).status, 429);
    });

    it('leaves a far side alone that fails again and again, and tries it again later', async () => {
      let fails = true;
      let asked = 0;
      const rest = { breakerFirstMs: 1_000, breakerLongestMs: 1_000 };
      await using server = await open((_request, response) => {
        asked += 1;
        response.writeHead(fails ? 500 : 200).end();
      });
      await using client = await testClient({ protocol, breakerFailures: 2, ...rest });
      const changes: number[] = [];
      client.onOutage(() => changes.push(client.outages.length));
      for (let index = 0; index < 2; index += 1) await client.fetch(requestOf(server.url));
      await assert.rejects(client.fetch(requestOf(server.url)), code('CIRCUIT_OPEN'));
      assert.equal(asked, 2);
      assert.deepEqual(changes, [1]);
      fails = false;
      while (client.outages.length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
      assert.equal((await client.fetch(requestOf(server.url))).status, 200);
      assert.equal(asked, 3);
    });

    it('ends what is under way when it is closed, and takes nothing more', async () => {
      const asked = Promise.withResolvers<void>();
      await using server = await open(() => asked.resolve());
      const client = await testClient({ protocol });
      const answer = client.fetch(requestOf(server.url));
      await asked.promise;
      client.close();
      await assert.rejects(answer, code('LINK_CLOSED'));
      await assert.rejects(client.fetch(requestOf(server.url)), code('LINK_CLOSED'));
    });
  });
}

describe('the client', () => {
  it('opens one connection for fifty requests at once over HTTP/2', async () => {
    await using server = await http2Server(echo);
    await using client = await testClient();
    await Promise.all(Array.from({ length: 50 }, () => client.fetch(requestOf(server.url))));
    assert.equal(server.connections(), 1);
  });

  it('sends no more at once than the far side takes', async () => {
    let most = 0;
    let now = 0;
    await using server = await http2Server(
      (_request, response) => {
        most = Math.max(most, (now += 1));
        setTimeout(() => {
          now -= 1;
          response.end();
        }, 2);
      },
      undefined,
      { maxConcurrentStreams: 3 },
    );
    await using client = await testClient();
    await client.fetch(requestOf(server.url));
    await Promise.all(Array.from({ length: 20 }, () => client.fetch(requestOf(server.url))));
    assert.ok(most <= 3, `${most} at once`);
  });

  it('waits for a large body to be taken, however slowly, and only then for the response', () =>
    withMoreTime(async (times) => {
      await using server = await http2Server((request, response) => {
        let bytes = 0;
        request.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          request.pause();
          setTimeout(() => request.resume(), (chunk.length * times) / 5_000);
        });
        request.on('end', () => response.end(String(bytes)));
      });
      await using client = await testClient({ headersTimeoutMs: 500 * times, maxRetries: 0 });
      const answer = await client.fetch(requestOf(server.url, { method: 'POST', body: Buffer.alloc(5_000_000) }));
      assert.equal(answer.body.toString(), '5000000');
    }));

  it('speaks HTTP/1.1 to a server of HTTP/2 when it is told to', async () => {
    await using server = await http2Server(echo);
    await using client = await testClient({ protocol: 'http/1.1' });
    assert.equal(seen((await client.fetch(requestOf(server.url))).body).httpVersion, '1.1');
  });

  it('refuses a server whose certificate it does not trust, unless a request says that any will do', async () => {
    await using server = await http2Server(echo);
    await using client = await testClient({ secureContext: undefined });
    await assert.rejects(client.fetch(requestOf(server.url)), code('FAR_SIDE_UNTRUSTED'));
    assert.equal((await client.fetch(requestOf(server.url, { verify: false }))).status, 200);
    await assert.rejects(client.fetch(requestOf(server.url)), code('FAR_SIDE_UNTRUSTED'));
  });

  it('verifies another name than the host when it is told one', async () => {
    await using server = await http2Server(echo);
    await using wrong = await testClient({ servername: 'other.example' });
    await assert.rejects(wrong.fetch(requestOf(server.url)), code('FAR_SIDE_UNTRUSTED'));
    await using right = await testClient({ servername: 'localhost' });
    assert.equal((await right.fetch(requestOf(server.url))).status, 200);
  });

  it('keeps secrets from another origin it is led to', async () => {
    await using target = await http1Server(echo);
    await using server = await http1Server((_request, response) =>
      response.writeHead(307, { location: `${target.url}/`, 'set-cookie': 'own=1' }).end(),
    );
    await using client = await testClient();
    const cookies = new CookieJar();
    const url = server.url.replace('127.0.0.1', 'localhost');
    cookies.set(new URL(url), 'session', 'secret');
    const { body } = await client.fetch(
      requestOf(url, {
        method: 'POST',
        body: Buffer.from('kept'),
        headers: { authorization: 'own', 'x-other': 'kept' },
        authorization: { scheme: 'basic', user: 'u', password: 'p' },
        cookies,
      }),
    );
    const { headers, method, body: sent } = seen(body);
    assert.deepEqual([method, sent, headers['x-other']], ['POST', 'kept', 'kept']);
    assert.deepEqual([headers['authorization'], headers['cookie']], [undefined, undefined]);
  });

  it('goes through a proxy: with CONNECT for https, with the whole address for http', async () => {
    const log: string[] = [];
    const proxy = createServer((request, response) => {
      log.push(`${request.method} ${request.url} ${request.headers['proxy-authorization']}`);
      response.end('by the proxy');
    });
    proxy.on('connect', (request: IncomingMessage, socket: Socket) => {
      log.push(`${request.method} ${request.url} ${request.headers['proxy-authorization']}`);
      const far = connect(Number(request.url!.split(':')[1]), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        far.pipe(socket).pipe(far);
      });
      far.on('error', () => socket.destroy());
      socket.on('error', () => far.destroy());
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const { port } = proxy.address() as { port: number };
    await using server = await http2Server(echo);
    {
      await using client = await testClient({ proxyFor: () => new URL(`http://me:secret@127.0.0.1:${port}`) });
      for (let index = 0; index < 3; index += 1)
        assert.equal(seen((await client.fetch(requestOf(server.url))).body).httpVersion, '2.0');
      const plain = await client.fetch(requestOf('http://far.example/x?y=1'));
      assert.equal(plain.body.toString(), 'by the proxy');
    }
    const said = `Basic ${Buffer.from('me:secret').toString('base64')}`;
    assert.deepEqual(log, [`CONNECT ${new URL(server.url).host} ${said}`, `GET http://far.example/x?y=1 ${said}`]);
    proxy.closeAllConnections();
    proxy.close();
  });

  it('refuses headers that are none', async () => {
    await using client = await testClient();
    for (const headers of [{ 'a b': 'x' }, { a: 'x\r\ny: z' }] as Record<string, string>[]) {
      await assert.rejects(client.fetch(requestOf('http://127.0.0.1:1', { headers })), code('MESSAGE_INVALID'));
    }
  });
});
