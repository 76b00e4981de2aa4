import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Door } from '../../src/front-door/door.ts';
import type { DoorLimits } from '../../src/front-door/door-limits.ts';
import { openDoor } from '../../src/front-door/open-door.ts';
import { readBody } from '../../src/http/read-body.ts';
import { refuseExchange } from '../../src/http/status-of-fault.ts';
import { waitFor } from '../support/wait-for.ts';
import { withMoreTime } from '../support/with-more-time.ts';
import {
  CONTINUATION,
  DATA,
  END_HEADERS,
  END_STREAM,
  field,
  frame,
  GOAWAY,
  headerBlock,
  HEADERS,
  PING,
  PRIORITY,
  RawHttp2,
  RST_STREAM,
  setting,
  SETTINGS,
  uint32,
  WINDOW_UPDATE,
} from './raw-http2.ts';

/** RFC 9113, 7. */
const ENHANCE_YOUR_CALM = 11;
const get = (stream: number, path = '/'): Buffer => frame(HEADERS, END_HEADERS | END_STREAM, stream, headerBlock(path));
const post = (stream: number): Buffer => frame(HEADERS, END_HEADERS, stream, headerBlock('/', 'POST'));
const times = (count: number, make: (index: number) => Buffer): Buffer =>
  Buffer.concat(Array.from({ length: count }, (_, index) => make(index)));
const odd = (index: number): number => index * 2 + 1;

/** Floods of what costs us more than their sender; each is told to calm down (RFC 9113, 10.5). */
const floods: Readonly<Record<string, Buffer>> = {
  'rapid reset (CVE-2023-44487)': times(5_000, (n) =>
    Buffer.concat([get(odd(n), '/silent'), frame(RST_STREAM, 0, odd(n), uint32(8))]),
  ),
  'streams it makes us reset (CVE-2025-8671)': times(5_000, (n) =>
    Buffer.concat([post(odd(n)), frame(WINDOW_UPDATE, 0, odd(n), uint32(0))]),
  ),
  'SETTINGS (CVE-2019-9515)': times(5_000, () => frame(SETTINGS, 0, 0, setting(4, 65_535))),
  'PING (CVE-2019-9512)': times(5_000, () => frame(PING, 0, 0, Buffer.alloc(8))),
  'PRIORITY (CVE-2019-9513)': times(5_000, (n) => frame(PRIORITY, 0, odd(n), Buffer.from([0, 0, 0, 0, 1]))),
  'empty DATA (CVE-2019-9518)': Buffer.concat([post(1), times(5_000, () => frame(DATA, 0, 1))]),
  'empty CONTINUATION (CVE-2024-27316)': Buffer.concat([
    frame(HEADERS, END_STREAM, 1, headerBlock()),
    times(5_000, () => frame(CONTINUATION, 0, 1)),
  ]),
  'CONTINUATION without end (CVE-2024-27316)': Buffer.concat([
    frame(HEADERS, END_STREAM, 1, headerBlock()),
    times(5_000, () => frame(CONTINUATION, 0, 1, field('a', 'b'.repeat(100)))),
  ]),
  'windows byte by byte (CVE-2019-9511)': Buffer.concat([
    frame(SETTINGS, 0, 0, setting(4, 0)),
    get(1, '/large'),
    times(5_000, () => frame(WINDOW_UPDATE, 0, 1, uint32(1))),
  ]),
  'streams above the limit': times(5_000, (n) => get(odd(n), '/silent')),
  'frames of unknown types': times(5_000, () => frame(0xee, 0, 0, 'x')),
};

describe('attacks on a plain door', () => {
  let door: Door;
  afterEach(async () => {
    // The short limits of a test hold for the honest, too, whom a busy machine may make late.
    await waitFor('an answer to somebody else', async () => {
      const honest = await RawHttp2.open(door.port);
      honest.write(get(1));
      const status = await honest.statusOf(1);
      honest.socket.destroy();
      return status === 200 ? true : undefined;
    });
    await door.close();
  });
  const open = async (limits: DoorLimits = {}): Promise<void> => {
    door = await openDoor({ host: '127.0.0.1', port: 0, plain: true, limits });
    door.exchange('/', (exchange) => {
      exchange.body.resume();
      exchange.answer(200, ['content-length', '2'], 'ok');
    });
    door.exchange('/silent', () => undefined);
    door.exchange('/read', (exchange) =>
      readBody(exchange, 20_000, (fault) => {
        if (fault === undefined) exchange.answer(200, [], 'read');
        else refuseExchange(exchange, fault);
      }),
    );
    door.exchange('/large', (exchange) => exchange.answer(200, [], Buffer.alloc(1_000_000)));
  };

  for (const [what, bytes] of Object.entries(floods)) {
    it(`ends the connection: ${what}`, async () => {
      await open();
      const client = await RawHttp2.open(door.port);
      client.write(bytes);
      const goaway = await client.until(({ type }) => type === GOAWAY);
      assert.equal(goaway?.payload.readUInt32BE(4), ENHANCE_YOUR_CALM);
      await client.closed();
      assert.ok(door.refusals.total >= 1);
    });
  }

  it('refuses header bombs: many references to one large field, and too many fields', async () => {
    await open();
    const client = await RawHttp2.open(door.port);
    const large = Buffer.concat([Buffer.from([0x40]), field('x', 'y'.repeat(3_000)).subarray(1)]);
    client.write(
      frame(HEADERS, END_HEADERS | END_STREAM, 1, Buffer.concat([headerBlock(), large, Buffer.alloc(4_000, 0xbe)])),
    );
    client.write(
      frame(HEADERS, END_HEADERS | END_STREAM, 3, Buffer.concat([headerBlock(), times(200, () => field('a', 'b'))])),
    );
    for (const stream of [1, 3]) {
      const reset = await client.until((one) => one.type === RST_STREAM && one.stream === stream);
      assert.equal(reset?.payload.readUInt32BE(0), ENHANCE_YOUR_CALM);
    }
    client.write(get(5));
    assert.equal(await client.statusOf(5), 200);
    client.socket.destroy();
  });

  it('holds back answers nobody reads, and cuts off who opens no window', async () => {
    await open({ idleMs: 500 });
    const before = process.memoryUsage().rss;
    const clients = await Promise.all(Array.from({ length: 20 }, () => RawHttp2.open(door.port)));
    for (const client of clients)
      client.write(
        frame(SETTINGS, 0, 0, setting(4, 0)),
        times(90, (n) => get(odd(n), '/large')),
      );
    await Promise.all(clients.map((client) => client.closed()));
    // Each answer is 1 MB; all of them at once would be 1.8 GB.
    assert.ok(process.memoryUsage().rss - before < 600_000_000);
  });

  it('reads no more from who does not read, and cuts him off', async () => {
    await open({ idleMs: 500 });
    const client = await RawHttp2.open(door.port);
    client.socket.pause();
    client.write(frame(SETTINGS, 0, 0, setting(4, 2 ** 31 - 1)), frame(WINDOW_UPDATE, 0, 0, uint32(2 ** 30)));
    client.write(times(90, (n) => get(odd(n), '/large')));
    while (door.counts.http2.open > 0) await new Promise((resolve) => setTimeout(resolve, 50));
    client.socket.destroy();
  });

  it('lets be what was on its way when it reset a stream', async () => {
    await open();
    door.exchange('/reset', (exchange) => exchange.abort());
    const client = await RawHttp2.open(door.port);
    client.write(frame(HEADERS, END_HEADERS, 1, headerBlock('/reset', 'POST')));
    await client.until(({ type }) => type === RST_STREAM);
    client.write(
      times(2_000, () => frame(DATA, 0, 1, 'late')),
      frame(HEADERS, END_HEADERS | END_STREAM, 1, field('x-sum', '1')),
      get(3),
    );
    assert.equal(await client.statusOf(3), 200);
    assert.equal(client.frames.filter(({ type }) => type === RST_STREAM).length, 1);
    client.socket.destroy();
  });

  it('ends who sends more than its window', async () => {
    await open();
    const client = await RawHttp2.open(door.port);
    client.write(
      frame(HEADERS, END_HEADERS, 1, headerBlock('/silent', 'POST')),
      times(12, () => frame(DATA, 0, 1, Buffer.alloc(16_384))),
    );
    const reset = await client.until(({ type, stream }) => type === RST_STREAM && stream === 1);
    assert.equal(reset?.payload.readUInt32BE(0), 3);
    client.socket.destroy();
  });

  it('answers 413 to a body without end over HTTP/2, and resets it', async () => {
    await open();
    const client = await RawHttp2.open(door.port);
    client.write(
      frame(HEADERS, END_HEADERS, 1, headerBlock('/read', 'POST')),
      times(3, () => frame(DATA, 0, 1, Buffer.alloc(16_384))),
    );
    const head = await client.until(({ type, stream }) => type === HEADERS && stream === 1);
    assert.ok(head?.payload.includes('413'));
    const reset = await client.until(({ type, stream }) => type === RST_STREAM && stream === 1);
    assert.equal(reset?.payload.readUInt32BE(0), 0);
    client.socket.destroy();
  });

  const endless: Record<string, readonly [head: string, part: string]> = {
    'of a length': ['content-length: 999999999999', 'x'.repeat(16_384)],
    'in chunks': ['transfer-encoding: chunked', `4000\r\n${'x'.repeat(16_384)}\r\n`],
    'in small chunks': ['transfer-encoding: chunked', '1\r\nx\r\n'.repeat(3_000)],
  };
  for (const [what, [head, part]] of Object.entries(endless)) {
    it(`answers 413 to a body without end ${what} over HTTP/1.1, and cuts it off`, async () => {
      await open();
      const socket = await plain(door.port);
      const text = closed(socket);
      socket.write(`POST /read HTTP/1.1\r\nhost: here\r\n${head}\r\n\r\n`);
      const more = (): void => {
        while (!socket.destroyed && socket.write(part));
      };
      socket.on('drain', more);
      more();
      assert.match(await text, /^HTTP\/1\.1 413 /);
    });
  }

  const halves: Record<string, string | Buffer> = {
    nothing: '',
    'half a preface': 'PRI * HT',
    'half of HTTP/1.1 headers': 'GET / HTTP/1.1\r\nhost: here\r\nx: ',
    'half a body of HTTP/1.1': 'POST /silent HTTP/1.1\r\nhost: here\r\ncontent-length: 10\r\n\r\nhal',
  };
  for (const [what, bytes] of Object.entries(halves)) {
    it(`cuts off who sends ${what}`, async () => {
      await open({ firstRequestMs: 300, idleMs: 300, requestMs: 600 });
      const socket = await plain(door.port);
      socket.write(bytes);
      await closed(socket);
    });
  }

  const drops: Record<string, Buffer> = {
    'a frame of HTTP/2': frame(HEADERS, END_HEADERS, 1, headerBlock()),
    'a header section of HTTP/2': times(1_000, () => frame(CONTINUATION, 0, 1, field('a', 'b'))),
    'headers of HTTP/1.1': Buffer.from(`GET / HTTP/1.1\r\nhost: here\r\n${'x: y\r\n'.repeat(50)}`),
  };
  for (const [what, bytes] of Object.entries(drops)) {
    it(`cuts off who lets drop after drop come of ${what}`, () =>
      withMoreTime(async (more) => {
        if (more > 1) await door.close();
        await open({ firstRequestMs: 300 * more, idleMs: 60_000, requestMs: 600 * more });
        const isHttp2 = what.endsWith('HTTP/2');
        const socket = isHttp2 ? (await RawHttp2.open(door.port)).socket : await plain(door.port);
        // It was no stranger until then.
        if (isHttp2) socket.write(frame(PING, 0, 0, Buffer.alloc(8)));
        const isSection = what.startsWith('a header section');
        if (isSection) socket.write(frame(HEADERS, END_STREAM, 1, headerBlock()));
        const dropBytes = isSection ? frame(CONTINUATION, 0, 1, field('a', 'b')).length : 1;
        let at = 0;
        const dropping = setInterval(() => {
          if (at + dropBytes < bytes.length) socket.write(bytes.subarray(at, at + dropBytes));
          at += dropBytes;
        }, 40);
        await closed(socket);
        clearInterval(dropping);
        assert.ok(door.refusals.total >= 1);
      }));
  }

  it('lets a body come as slowly as it likes, and what is whole', () =>
    withMoreTime(async (more) => {
      if (more > 1) await door.close();
      await open({ firstRequestMs: 200 * more });
      const client = await RawHttp2.open(door.port);
      const body = frame(DATA, END_STREAM, 1, 'a body that takes its time');
      client.write(frame(HEADERS, END_HEADERS, 1, headerBlock('/read', 'POST')));
      for (const byte of body) {
        client.write(Buffer.of(byte));
        await new Promise((resolve) => setTimeout(resolve, 20 * more));
      }
      assert.equal(await client.statusOf(1), 200);
      client.socket.destroy();
    }));

  /** Two readers that differ about where a request ends: the second half is another request (RFC 9112, 11.2). */
  const smuggled: Record<string, string> = {
    'a length and chunks':
      'content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /silent HTTP/1.1\r\n\r\n',
    'two lengths': 'content-length: 5\r\ncontent-length: 6\r\n\r\nhello!',
    'a list of lengths': 'content-length: 5, 6\r\n\r\nhello!',
    'a signed length': 'content-length: +5\r\n\r\nhello',
    'chunks that are not the last coding': 'transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n',
    'chunks with a space before the colon': 'transfer-encoding : chunked\r\n\r\n0\r\n\r\n',
    'chunks in a folded line': 'transfer-encoding:\r\n chunked\r\n\r\n0\r\n\r\n',
    'a chunk of no size': 'transfer-encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n',
    'a bare line feed in a chunk': 'transfer-encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n',
    'a NUL in a header': 'x: a\0b\r\ncontent-length: 0\r\n\r\n',
  };
  for (const [what, rest] of Object.entries(smuggled)) {
    it(`refuses ${what}`, async () => {
      await open();
      const socket = await plain(door.port);
      socket.write(`POST / HTTP/1.1\r\nhost: here\r\n${rest}`);
      const text = await closed(socket);
      assert.match(text, /HTTP\/1\.1 400 /);
      assert.equal(text.match(/HTTP\/1\.1 200 /g)?.length ?? 0, text.startsWith('HTTP/1.1 200') ? 1 : 0);
      assert.ok(door.refusals.total >= 1);
    });
  }

  it('refuses headers of HTTP/1.1 above the limit with 431', async () => {
    await open();
    const socket = await plain(door.port);
    socket.write(`GET / HTTP/1.1\r\nhost: here\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`);
    assert.match(await closed(socket), /^HTTP\/1\.1 431 /);
  });

  it('tells of each source once', async () => {
    const warnings: string[] = [];
    const listen = (warning: Error): void => void warnings.push(warning.message);
    process.on('warning', listen);
    await open();
    for (let time = 0; time < 3; time += 1) {
      const client = await RawHttp2.open(door.port);
      client.write(frame(DATA, 0, 0, 'x'));
      await client.closed();
    }
    await new Promise(setImmediate);
    process.off('warning', listen);
    assert.equal(door.refusals.total, 3);
    assert.deepEqual(warnings, ['127.0.0.1 was refused: DATA on stream 0']);
  });
});

async function plain(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** All that comes until the other side ends. */
async function closed(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  await new Promise((resolve) => void socket.once('close', resolve));
  return text;
}
