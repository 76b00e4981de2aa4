import assert from 'node:assert/strict';
import { constants, type ServerHttp2Stream } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { isFault } from '../../../src/fault.ts';
import { unusedPort } from '../../support/unused-port.ts';
import { allOf, answering, h2cServer, http1Server, http2Server, rawServer, requestOf, testClient } from './world.ts';

const code =
  (...expected: string[]) =>
  (error: unknown) => {
    assert.ok(isFault(error), String(error));
    assert.ok(expected.includes(error.code), `${error.code}: ${error.message}`);
    return true;
  };
const streamOf = (response: unknown): ServerHttp2Stream => (response as { stream: ServerHttp2Stream }).stream;
const once = { maxRetries: 0, breakerFailures: 0 };
const OK = 'HTTP/1.1 200 OK\r\n';

/** What a server may write, and the fault it gets. */
const WRONG: [string, string, string[]][] = [
  ['no HTTP at all', 'SSH-2.0-OpenSSH_9.2\r\n', ['RESPONSE_INVALID']],
  ['a header section without end', `${OK}${'X-Filler: 0123456789\r\n'.repeat(10_000)}`, ['RESPONSE_INVALID']],
  ['one header without end', `${OK}X-Filler: ${'a'.repeat(200_000)}`, ['RESPONSE_INVALID']],
  ['two lengths', `${OK}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`, ['RESPONSE_INVALID']],
  [
    'a length and chunks',
    `${OK}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`,
    ['RESPONSE_INVALID'],
  ],
  ['a length that is none', `${OK}Content-Length: many\r\n\r\nabc`, ['RESPONSE_INVALID']],
  ['a chunk without a size', `${OK}Transfer-Encoding: chunked\r\n\r\nxyz\r\nabc`, ['RESPONSE_INVALID']],
  ['a header with a NUL', `${OK}X-Nul: a\0b\r\nContent-Length: 0\r\n\r\n`, ['RESPONSE_INVALID']],
  [
    'a protocol nobody asked for',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
    ['RESPONSE_INVALID', 'FAR_SIDE_GONE'],
  ],
  ['interim responses without end', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(1000), ['RESPONSE_INVALID']],
];

describe('a server of HTTP/1.1 that misbehaves', () => {
  for (const [what, bytes, expected] of WRONG) {
    it(`is refused for ${what}`, async () => {
      await using server = await answering(bytes);
      await using client = await testClient(once);
      await assert.rejects(client.fetch(requestOf(server.url)), code(...expected));
    });
  }

  it('is taken as it is where the parser is told to be lenient', async () => {
    await using server = await answering(
      `${OK}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`,
    );
    await using client = await testClient({ ...once, insecureParser: true });
    assert.equal((await client.fetch(requestOf(server.url))).body.toString(), 'abc');
  });

  it('is found out when it closes before, or within, its response', async () => {
    await using silent = await answering('', (socket) => socket.end());
    await using short = await answering(`${OK}Content-Length: 10\r\n\r\nabc`, (socket) => socket.end());
    await using chunked = await answering(`${OK}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`, (socket) =>
      socket.end(),
    );
    await using reset = await answering(`${OK}Content-Length: 10\r\n\r\nabc`, (socket) => socket.resetAndDestroy());
    await using client = await testClient(once);
    for (const { url } of [silent, short, chunked, reset]) {
      await assert.rejects(client.fetch(requestOf(url)), code('FAR_SIDE_GONE', 'RESPONSE_INVALID'));
      await assert.rejects(
        allOf((await client.open(requestOf(short.url))).body),
        code('FAR_SIDE_GONE', 'RESPONSE_INVALID'),
      );
    }
  });

  it('is read as it is when it names a coding that nobody knows, whatever else has that name', async () => {
    await using client = await testClient({ ...once, maxInFlight: 1 });
    for (const coding of ['constructor', '__proto__', 'gzip, constructor', 'unheard-of']) {
      await using server = await answering(`${OK}Content-Encoding: ${coding}\r\nContent-Length: 2\r\n\r\nok`);
      const { body, headers } = await client.fetch(requestOf(server.url));
      assert.deepEqual([body.toString(), headers['content-encoding']], ['ok', coding]);
      assert.equal((await allOf((await client.open(requestOf(server.url))).body)).toString(), 'ok');
    }
  });

  it('cannot slip a second response under the next request', async () => {
    await using server = await answering(`${OK}Content-Length: 2\r\n\r\nok${OK}Content-Length: 5\r\n\r\nwrong`);
    await using client = await testClient(once);
    for (let index = 0; index < 3; index += 1) {
      const body = await client.fetch(requestOf(server.url)).then(
        (answer) => answer.body.toString(),
        () => 'refused',
      );
      assert.notEqual(body, 'wrong');
    }
  });

  it('is not waited for when each byte of its head, or of its body, takes long', async () => {
    const drip = (socket: Socket, text: string): void => {
      let index = 0;
      const timer = setInterval(() => socket.write(text[(index += 1) % text.length]!), 10);
      socket.once('close', () => clearInterval(timer));
    };
    await using head = await rawServer((socket) => drip(socket, `${OK}X-Slow: ${'a'.repeat(10_000)}`));
    await using body = await answering(`${OK}Content-Length: 100000\r\n\r\n`, (socket) => drip(socket, 'slow'));
    await using client = await testClient({ ...once, headersTimeoutMs: 100 });
    await assert.rejects(client.fetch(requestOf(head.url)), code('REQUEST_TIMED_OUT', 'RESPONSE_INVALID'));
    await assert.rejects(client.fetch(requestOf(body.url, { timeoutMs: 100 })), code('REQUEST_TIMED_OUT'));
  });

  it('is not read on when its body has no end', async () => {
    await using server = await http1Server((_request, response) => {
      const write = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        if (!response.destroyed) response.once('drain', write);
      };
      write();
    });
    await using client = await testClient({ ...once, maxResponseBytes: 1_000_000 });
    await assert.rejects(client.fetch(requestOf(server.url)), code('RESPONSE_TOO_LARGE'));
    while (client.load.inFlight > 0) await new Promise(setImmediate);
  });

  it('is asked again over a new connection when it has closed the old one meanwhile', async () => {
    let asked = 0;
    await using server = await rawServer((socket) => {
      let here = 0;
      socket.on('data', () => {
        asked += 1;
        here += 1;
        if (here === 1) socket.write(`${OK}Content-Length: 2\r\n\r\nok`);
        else socket.resetAndDestroy();
      });
    });
    await using client = await testClient();
    assert.equal((await client.fetch(requestOf(server.url))).body.toString(), 'ok');
    const second = await client.fetch(requestOf(server.url));
    assert.deepEqual([second.body.toString(), asked, server.connections()], ['ok', 3, 2]);
    const post = client.fetch(requestOf(server.url, { method: 'POST', body: Buffer.from('once') }));
    await assert.rejects(post, code('FAR_SIDE_GONE'));
    assert.equal(asked, 4);
  });

  it('gets no second copy of what is not safe to repeat, and one of what surely did not arrive', async () => {
    await using client = await testClient({ retryFirstMs: 1 });
    // Nobody listens there: each try is surely unsent.
    const refused = client.fetch(
      requestOf(`http://127.0.0.1:${await unusedPort()}`, { method: 'POST', body: Buffer.from('x') }),
    );
    await assert.rejects(refused, code('FAR_SIDE_GONE'));
  });
});

describe('a server of HTTP/2 that misbehaves', () => {
  it('refuses a stream, and gets it again', async () => {
    let asked = 0;
    await using server = await http2Server((_request, response) => {
      asked += 1;
      if (asked === 1) streamOf(response).close(constants.NGHTTP2_REFUSED_STREAM);
      else response.end('ok');
    });
    await using client = await testClient();
    const answer = await client.fetch(requestOf(server.url, { method: 'POST', body: Buffer.from('x') }));
    assert.deepEqual([answer.body.toString(), answer.retries], ['ok', 1]);
  });

  it('resets a stream before or within its response', async () => {
    await using server = await http2Server((request, response) => {
      const reset = Number(new URL(request.url!, 'http://x').searchParams.get('code'));
      if (request.url!.startsWith('/within')) {
        response.write('half', () => setImmediate(() => streamOf(response).close(reset)));
      } else streamOf(response).close(reset);
    });
    await using client = await testClient(once);
    const { NGHTTP2_INTERNAL_ERROR, NGHTTP2_CANCEL, NGHTTP2_PROTOCOL_ERROR, NGHTTP2_ENHANCE_YOUR_CALM } = constants;
    for (const [reset, before] of [
      [NGHTTP2_INTERNAL_ERROR, 'FAR_SIDE_GONE'],
      [NGHTTP2_CANCEL, 'FAR_SIDE_GONE'],
      [NGHTTP2_PROTOCOL_ERROR, 'RESPONSE_INVALID'],
      [NGHTTP2_ENHANCE_YOUR_CALM, 'FAR_SIDE_REFUSED'],
    ] as const) {
      await assert.rejects(client.fetch(requestOf(`${server.url}/before?code=${reset}`)), code(before));
      await assert.rejects(
        client.fetch(requestOf(`${server.url}/within?code=${reset}`)),
        code('FAR_SIDE_GONE', 'RESPONSE_INVALID'),
      );
      const { body } = await client.open(requestOf(`${server.url}/within?code=${reset}`));
      await assert.rejects(allOf(body), code('FAR_SIDE_GONE', 'RESPONSE_INVALID'));
    }
    assert.equal(server.connections(), 1);
  });

  it('goes away while requests are under way: those it took are answered, the others go over a new connection', async () => {
    let sessions = 0;
    await using server = await http2Server(
      (request, response) => {
        if (request.url === '/first') streamOf(response).session!.goaway(constants.NGHTTP2_NO_ERROR);
        setTimeout(() => response.end('ok'), 20);
      },
      () => (sessions += 1),
    );
    await using client = await testClient();
    const first = client.fetch(requestOf(`${server.url}/first`));
    const rest = Array.from({ length: 9 }, () => client.fetch(requestOf(`${server.url}/then`)));
    const bodies = (await Promise.all([first, ...rest])).map(({ body }) => body.toString());
    assert.deepEqual(
      bodies,
      Array.from({ length: 10 }, () => 'ok'),
    );
    assert.equal(sessions, 2);
    assert.deepEqual(client.outages, []);
  });

  it('ends the connection within a response', async () => {
    let asked = 0;
    await using server = await http2Server((_request, response) => {
      asked += 1;
      if (asked > 1) response.end('ok');
      else response.write('half', () => streamOf(response).session!.destroy());
    });
    await using client = await testClient();
    const answer = await client.fetch(requestOf(server.url));
    assert.deepEqual([answer.body.toString(), answer.retries], ['ok', 1]);
  });

  it('wants HTTP/1.1, and is asked over that', async () => {
    await using server = await http2Server((request, response) => {
      if (request.httpVersion === '2.0') streamOf(response).close(constants.NGHTTP2_HTTP_1_1_REQUIRED);
      else response.end('by 1.1');
    });
    await using client = await testClient();
    for (let index = 0; index < 2; index += 1) {
      const answer = await client.fetch(requestOf(server.url, { method: 'POST', body: Buffer.from('x') }));
      assert.deepEqual([answer.body.toString(), answer.version], ['by 1.1', '1.1']);
    }
  });

  it('sends more headers than we take', async () => {
    await using server = await http2Server((_request, response) => {
      response.setHeader('x-filler', 'a'.repeat(40_000));
      response.end('x');
    });
    await using client = await testClient({ ...once, maxHeaderBytes: 16_384 });
    await assert.rejects(
      client.fetch(requestOf(server.url)),
      code('RESPONSE_INVALID', 'FAR_SIDE_GONE', 'FAR_SIDE_REFUSED'),
    );
  });

  it('says another length than it sends', async () => {
    await using server = await http2Server((_request, response) => {
      const stream = streamOf(response);
      stream.respond({ ':status': 200, 'content-length': '10' });
      stream.end('abc');
    });
    await using client = await testClient(once);
    await assert.rejects(client.fetch(requestOf(server.url)), code('RESPONSE_INVALID'));
  });

  it('speaks something else than HTTP/2 where nothing else is possible', async () => {
    await using server = await answering('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n');
    await using client = await testClient({ ...once, protocol: 'h2' });
    await assert.rejects(client.fetch(requestOf(server.url)), code('RESPONSE_INVALID', 'FAR_SIDE_GONE'));
  });
});

describe('a network that swallows everything', () => {
  it('is found out by PING, long before the response is too late', async () => {
    const asked = Promise.withResolvers<void>();
    await using server = await h2cServer(() => asked.resolve());
    const { port } = new URL(server.url);
    let swallows = false;
    await using relay = await rawServer((near) => {
      const far = connect(Number(port), '127.0.0.1');
      near.on('data', (bytes) => !swallows && far.write(bytes));
      far.on('data', (bytes) => !swallows && near.write(bytes));
      near.once('close', () => far.destroy());
      far.on('error', () => near.destroy());
    });
    await using client = await testClient({ ...once, protocol: 'h2', keepAliveMs: 600 });
    const answer = client.fetch(requestOf(relay.url));
    await asked.promise;
    swallows = true;
    await assert.rejects(answer, code('FAR_SIDE_GONE'));
  });
});

describe('a proxy that lets nobody through', () => {
  it('is named, with its answer', async () => {
    await using proxy = await answering('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n');
    const { host } = new URL(proxy.url);
    await using client = await testClient({ ...once, proxyFor: () => new URL(proxy.url) });
    await assert.rejects(client.fetch(requestOf('https://far.example/')), (error) => {
      assert.ok(isFault(error));
      assert.deepEqual([error.code, error.message], ['LINK_REFUSED', `the proxy ${host} refused the connection: 407`]);
      return true;
    });
  });
});
