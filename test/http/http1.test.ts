import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import * as fc from 'fast-check';
import type { Door } from '../../src/front-door/door.ts';
import type { DoorLimits } from '../../src/front-door/door-limits.ts';
import { openDoor } from '../../src/front-door/open-door.ts';
import { readBody } from '../../src/http/read-body.ts';
import type { Exchange } from '../../src/http/exchange.ts';
import { Http1Turn } from '../../src/http/h1/turn.ts';
import { refuseExchange } from '../../src/http/status-of-fault.ts';
import { withMoreTime } from '../support/with-more-time.ts';

const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nhost: here\r\n${more}\r\n`;
const post = (path: string, body: string): string =>
  `POST ${path} HTTP/1.1\r\nhost: here\r\ncontent-length: ${body.length}\r\n\r\n${body}`;

describe('HTTP/1.1', () => {
  let door: Door;
  let sockets: Socket[];
  /** Which way each request went. */
  let ways: ('own' | 'node:http')[];
  let waiting: Exchange[];

  beforeEach(() => {
    [sockets, ways, waiting] = [[], [], []];
  });

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await door.close();
  });

  it('answers what comes at once in order, also when the first takes longer', async () => {
    const client = await open();
    client.socket.write(get('/wait') + get('/a') + post('/b', 'hello') + get('/c'));
    await until(() => waiting.length === 1);
    assert.deepEqual(ways, ['own']);
    waiting[0]!.answer(200, [], 'first');
    await client.until(/GET \/c $/);
    assert.deepEqual(bodiesOf(client.text), ['first', 'GET /a ', 'POST /b hello', 'GET /c ']);
    assert.deepEqual(ways, ['own', 'own', 'own', 'own']);
  });

  it('answers the same however the bytes come', async () => {
    const client = await open();
    const whole = post('/a', 'one') + get('/b') + post('/c', 'three');
    const cuts = fc.array(fc.integer({ min: 1, max: whole.length - 1 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        client.text = '';
        let from = 0;
        for (const cut of [...at, whole.length].toSorted((left, right) => left - right)) {
          client.socket.write(whole.slice(from, cut));
          from = cut;
          await new Promise(setImmediate);
        }
        await client.until(/three$/);
        assert.deepEqual(bodiesOf(client.text), ['POST /a one', 'GET /b ', 'POST /c three']);
      }),
      { numRuns: 40 },
    );
  });

  /** What is not simple, and how its answer begins. */
  const others: Readonly<Record<string, readonly [request: string, answer: RegExp]>> = {
    chunks: [
      'POST /x HTTP/1.1\r\nhost: here\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
      /POST \/x abc$/,
    ],
    'a wish for 100': [
      'POST /x HTTP/1.1\r\nhost: here\r\nexpect: 100-continue\r\ncontent-length: 3\r\n\r\nabc',
      /100 Continue[^]*POST \/x abc$/,
    ],
    'the absolute form': ['GET http://here/x HTTP/1.1\r\nhost: here\r\n\r\n', /GET http:\/\/here\/x $/],
    'HTTP/1.0': ['GET /x HTTP/1.0\r\nhost: here\r\n\r\n', /connection: close[^]*GET \/x $/i],
    'a path for Express': [get('/app/x'), /by node:http$/],
    'an unknown path': [get('/nowhere'), /HTTP\/1\.1 404 [^]*PATH_UNKNOWN/],
    'a WebSocket': [
      get('/socket', 'connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n'),
      /HTTP\/1\.1 101 /,
    ],
    'a wish for another protocol': [get('/x', 'connection: upgrade\r\nupgrade: h2c\r\n'), /GET \/x $/],
    'a method of its own': ['PURGE /x HTTP/1.1\r\nhost: here\r\n\r\n', /PURGE \/x $/],
    'no host': ['GET /x HTTP/1.1\r\n\r\n', /HTTP\/1\.1 400 /],
  };
  for (const [what, [request, answer]] of Object.entries(others)) {
    it(`goes to node:http with ${what}, after what was answered before it`, async () => {
      const client = await open('/x');
      client.socket.write(get('/x') + post('/x/y', 'abc') + request);
      await client.until(answer);
      assert.deepEqual(bodiesOf(client.text).slice(0, 2), ['GET /x ', 'POST /x/y abc']);
      assert.deepEqual(ways.slice(0, 2), ['own', 'own']);
      assert.ok(!ways.slice(2).includes('own'));
    });
  }

  /** Two readers that differ about where a request ends: the second half is another request (RFC 9112, 11.2). */
  const smuggled: Readonly<Record<string, string>> = {
    'a length and chunks': 'content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    'two lengths': 'content-length: 5\r\ncontent-length: 5\r\n\r\nhello',
    'a length in words': 'content-length: 0x5\r\n\r\nhello',
    'an empty length': 'content-length: \r\n\r\nhello',
    'a space before the colon': 'content-length : 5\r\n\r\nhello',
    'a folded line': 'x: a\r\n content-length: 5\r\n\r\nhello',
    'a bare line feed': 'x: a\ncontent-length: 5\r\n\r\nhello',
    'a bare carriage return': 'x: a\rcontent-length: 5\r\n\r\nhello',
    'a NUL': 'x: a\0b\r\n\r\n',
    'a second host': 'host: there\r\n\r\n',
    'a second host of a WebSocket': 'host: there\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
    'a name that cannot be': 'x y: a\r\n\r\n',
  };
  for (const [what, rest] of Object.entries(smuggled)) {
    it(`refuses ${what} after requests that were right, and serves nothing behind it`, async () => {
      const client = await open();
      client.socket.write(`${get('/a')}POST /b HTTP/1.1\r\nhost: here\r\n${rest}${get('/smuggled')}`);
      await client.closed;
      assert.equal(statusesOf(client.text)[0], 200);
      assert.equal(statusesOf(client.text).at(-1), 400);
      assert.ok(!client.text.includes('/smuggled '));
    });
  }

  it('reads headers as node:http does', async () => {
    const reference = createServer((request, response) => response.end(JSON.stringify(request.headers)));
    reference.listen(0, '127.0.0.1');
    await once(reference, 'listening');
    const [client, other] = [await open(), await connected((reference.address() as AddressInfo).port)];
    const name = fc.constantFrom(
      'X-A',
      'x-b',
      'Cookie',
      'set-cookie',
      'Accept',
      'user-agent',
      'ETag',
      'From',
      'constructor',
    );
    const value = fc.stringMatching(/^[!-~\u00a0-\u00ff][\t -~]{0,5}$/);
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(name, value), { maxLength: 6 }), async (fields) => {
          const lines = fields.map((field) => `${field[0]}: ${field[1]} \r\n`).join('');
          for (const one of [client, other]) {
            one.text = '';
            one.socket.write(Buffer.from(get('/headers', lines), 'latin1'));
          }
          await Promise.all([client.until(/\}$/), other.until(/\}$/)]);
          assert.deepEqual(JSON.parse(bodiesOf(client.text)[0]!), JSON.parse(bodiesOf(other.text)[0]!));
        }),
        { numRuns: 60 },
      );
      assert.ok(!ways.includes('node:http'));
    } finally {
      reference.close();
    }
  });

  it('gives each request headers of its own', async () => {
    const client = await open();
    client.socket.write(get('/change', 'x: 1\r\n') + get('/change', 'x: 1\r\n'));
    await client.until(/1$[^]*1$/m);
    assert.deepEqual(bodiesOf(client.text), ['1', '1']);
  });

  it('sends no body where there is none', async () => {
    const client = await open();
    client.socket.write(`HEAD /a HTTP/1.1\r\nhost: here\r\n\r\n${get('/204')}${get('/304')}${get('/end')}`);
    await client.until(/GET \/end $/);
    const [head, gone, same] = client.text.split(/(?=HTTP\/1\.1 )/);
    assert.match(head!, /^HTTP\/1\.1 200 OK\r\n[^]*content-length: 8\r\n\r\n$/);
    assert.match(gone!, /^HTTP\/1\.1 204 No Content\r\n(?!.*content-length)[^]*\r\n\r\n$/s);
    assert.match(same!, /^HTTP\/1\.1 304 Not Modified\r\n[^]*\r\n\r\n$/);
  });

  it('sends parts in chunks, with trailers behind them', async () => {
    const client = await open();
    client.socket.write(get('/parts') + get('/end'));
    await client.until(/GET \/end $/);
    assert.match(client.text, /transfer-encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\nx-sum: 2\r\n\r\nHTTP/);
  });

  it('breaks off parts that are more than their length', async () => {
    const client = await open();
    client.socket.write(get('/longer') + get('/end'));
    await client.closed;
    assert.ok(!client.text.includes('more') && !client.text.includes('/end'));
  });

  it('answers 500 for a header that would begin another answer', async () => {
    const client = await open();
    client.socket.write(get('/split'));
    await client.until(/REQUEST_FAILED/);
    assert.deepEqual(statusesOf(client.text), [500]);
    assert.ok(!client.text.includes('x-evil'));
  });

  it('closes when the far side wants no more, and reads nothing behind', async () => {
    const client = await open();
    client.socket.write(get('/a', 'Connection: close\r\n') + get('/b'));
    await client.closed;
    assert.match(client.text, /connection: close\r\n/);
    assert.deepEqual(bodiesOf(client.text), ['GET /a ']);
  });

  it('serves what follows a body that was answered before it was whole', async () => {
    const client = await open();
    const request = post('/early', 'x'.repeat(100_000));
    client.socket.write(request.slice(0, 50_000));
    await client.until(/early$/);
    client.socket.write(request.slice(50_000) + get('/end'));
    await client.until(/GET \/end $/);
    assert.deepEqual(statusesOf(client.text), [200, 200]);
  });

  it('reads a body that nobody reads no further than its limit', async () => {
    const client = await open();
    client.socket.write(post('/unread', 'x'.repeat(20_000_000)));
    await until(() => waiting.length === 1);
    const taken = await settled(() => waiting[0]!.socket.bytesRead);
    assert.ok(taken < 2_000_000, String(taken));
    waiting[0]!.body.resume();
    await once(waiting[0]!.body, 'end');
    waiting[0]!.answer(200, [], 'read');
    await client.until(/read$/);
  });

  it('serves no more to who does not read the answers', async () => {
    const client = await open();
    client.socket.pause();
    client.socket.write(get('/large').repeat(2_000));
    const served = await settled(() => ways.length);
    assert.ok(served > 0 && served < 2_000, String(served));
    client.socket.resume();
    await until(() => ways.length === 2_000);
  });

  it('cuts off who takes nothing of an answer for too long', async () => {
    const client = await open('/', { idleMs: 1_000 });
    client.socket.pause();
    client.socket.write(get('/large').repeat(2_000));
    await until(() => door.refusals.total === 1);
    await until(() => door.counts.http1.open === 0);
  });

  it('tells the reader of a body, and whoever waits for the end, that the far side has gone', async () => {
    const client = await open();
    client.socket.write(post('/a', 'x'.repeat(10)).slice(0, -5));
    await until(() => ways.length === 1);
    client.socket.destroy();
    await until(() => door.counts.http1.open === 0);
    const other = await connected(door.port);
    other.socket.write(get('/wait'));
    await until(() => waiting.length === 1);
    const over = new Promise<void>((resolve) => waiting[0]!.onOver(resolve));
    other.socket.destroy();
    await over;
    assert.ok(waiting[0]!.isOver && waiting[0]!.isAnswered);
  });

  it('closes what is silent, and what says half a request', async () => {
    await withMoreTime(async (times) => {
      const limitMs = 500 * times;
      const silent = await open('/', { idleMs: limitMs, firstRequestMs: limitMs, requestMs: limitMs });
      const [headless, bodiless] = [await connected(door.port), await connected(door.port)];
      silent.socket.write(get('/a'));
      headless.socket.write('GET /a HTTP/1.1\r\nhost: he');
      bodiless.socket.write(post('/unread', 'hello').slice(0, -2));
      await Promise.all([silent.closed, headless.closed, bodiless.closed]);
      await door.close();
      assert.deepEqual(statusesOf(silent.text), [200]);
      assert.deepEqual(statusesOf(headless.text), [408]);
      assert.deepEqual(statusesOf(bodiless.text), [408]);
    });
  });

  it('answers what is under way when the door closes, and ends idle connections', async () => {
    const [idle, busy] = [await open(), await connected(door.port)];
    idle.socket.write(get('/a'));
    busy.socket.write(get('/wait'));
    await Promise.all([idle.until(/GET \/a $/), until(() => waiting.length === 1)]);
    const closing = door.close();
    waiting[0]!.answer(200, [], 'last');
    await Promise.all([idle.closed, busy.closed, closing]);
    assert.match(busy.text, /connection: close\r\n[^]*last$/);
  });

  it('says nothing to who speaks something else, and refuses it', async () => {
    const client = await open();
    client.socket.write('INVALID CONNECTION PREFACE\r\n\r\n');
    await client.closed;
    assert.equal(client.text, '');
    assert.equal(door.refusals.total, 1);
  });

  it('answers 503 while it is shut', async () => {
    const client = await open();
    client.socket.write(get('/a'));
    await client.until(/GET \/a $/);
    door.setOpen('http1', false);
    const other = await connected(door.port);
    other.socket.write(get('/a'));
    await Promise.all([client.closed, other.until(/HTTP\/1\.1 503 [^]*PROTOCOL_SHUT/)]);
  });

  /** A client of a new door that serves all below `base`. */
  async function open(base = '/', limits?: DoorLimits): Promise<Client> {
    door = await openDoor({ plain: true, host: '127.0.0.1', port: 0, ...(limits !== undefined && { limits }) });
    door.exchange(base, serve);
    door.http('/app', (_request, response) => response.end('by node:http'));
    door.upgrade('/socket', (upgrade) => void upgrade.accept({}));
    return connected(door.port);
  }

  function serve(exchange: Exchange): void {
    ways.push(exchange instanceof Http1Turn ? 'own' : 'node:http');
    const { method, target, headers } = exchange;
    switch (target) {
      case '/wait':
      case '/unread':
        return void waiting.push(exchange);
      case '/headers':
        return exchange.answer(200, [], JSON.stringify(headers));
      case '/change':
        exchange.answer(200, [], String(headers['x']));
        headers['x'] = 'changed';
        return;
      case '/204':
        return exchange.answer(204, ['content-length', '5'], 'hello');
      case '/304':
        return exchange.answer(304, [], 'hello');
      case '/split':
        return exchange.answer(200, ['x', 'a\r\nx-evil: b'], 'hello');
      case '/early':
        return exchange.answer(200, [], 'early');
      case '/large':
        return exchange.answer(200, [], Buffer.alloc(16_384));
      case '/parts': {
        const parts = exchange.begin(200, []);
        parts.write('one');
        parts.write('');
        parts.write(Buffer.from('two'));
        return parts.end({ 'X-Sum': '2' });
      }
      case '/longer': {
        const parts = exchange.begin(200, ['content-length', '3']);
        parts.write('one');
        return void parts.write('more');
      }
    }
    readBody(exchange, 1_000_000, (fault, body) => {
      if (fault !== undefined) refuseExchange(exchange, fault);
      else answerWith(exchange, `${method} ${target} ${body.toString()}`);
    });
  }

  interface Client {
    readonly socket: Socket;
    text: string;
    until(pattern: RegExp): Promise<void>;
    readonly closed: Promise<void>;
  }

  async function connected(port: number): Promise<Client> {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => undefined);
    const client: Client = {
      socket,
      text: '',
      closed: new Promise((resolve) => void socket.once('close', () => resolve())),
      until: (pattern) => until(() => pattern.test(client.text)),
    };
    socket.on('data', (chunk: Buffer) => (client.text += chunk.toString('latin1')));
    await once(socket, 'connect');
    return client;
  }
});

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** What a figure is when it no longer changes. */
async function settled(read: () => number): Promise<number> {
  for (let [before, same] = [-1, 0]; same < 20;) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    same = read() === before ? same + 1 : 0;
    before = read();
  }
  return read();
}

function answerWith(exchange: Exchange, text: string): void {
  exchange.answer(200, ['content-length', String(text.length)], text);
}

const statusesOf = (text: string): number[] =>
  Array.from(text.matchAll(/HTTP\/1\.1 (\d+) /g), ([, status]) => Number(status));

/** The bodies of answers that say their length. */
function bodiesOf(text: string): string[] {
  const bodies: string[] = [];
  for (let rest = text; rest !== '';) {
    const end = rest.indexOf('\r\n\r\n') + 4;
    const length = Number(/content-length: (\d+)/i.exec(rest.slice(0, end))?.[1] ?? 0);
    bodies.push(rest.slice(end, end + length));
    rest = rest.slice(end + length);
  }
  return bodies;
}
