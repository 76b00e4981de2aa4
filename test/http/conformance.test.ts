import assert from 'node:assert/strict';
import type { Door } from '../../src/front-door/door.ts';
import { openDoor } from '../../src/front-door/open-door.ts';
import {
  ACK,
  CONTINUATION,
  DATA,
  END_HEADERS,
  END_STREAM,
  field,
  frame,
  GOAWAY,
  headerBlock,
  HEADERS,
  PADDED,
  PING,
  PRIORITY,
  PUSH_PROMISE,
  RawHttp2,
  RST_STREAM,
  setting,
  SETTINGS,
  uint32,
  WINDOW_UPDATE,
  WITH_PRIORITY,
} from './raw-http2.ts';

/** RFC 9113, 7. */
const PROTOCOL_ERROR = 1;
const FLOW_CONTROL_ERROR = 3;
const STREAM_CLOSED = 5;
const FRAME_SIZE_ERROR = 6;
const COMPRESSION_ERROR = 9;

const get = (stream: number, more: readonly (readonly [string, string])[] = []): Buffer =>
  frame(HEADERS, END_HEADERS | END_STREAM, stream, headerBlock('/', 'GET', more));
const post = (stream: number, more: readonly (readonly [string, string])[] = []): Buffer =>
  frame(HEADERS, END_HEADERS, stream, headerBlock('/', 'POST', more));
const block = (...fields: (readonly [string, string])[]): Buffer =>
  Buffer.concat(fields.map(([name, value]) => field(name, value)));
const full = [':method', 'GET'] as const;
const requestOf = (...fields: (readonly [string, string])[]): Buffer =>
  frame(HEADERS, END_HEADERS | END_STREAM, 1, block(...fields));
const scheme = [':scheme', 'http'] as const;
const path = [':path', '/'] as const;
const authority = [':authority', 'here'] as const;

/** What ends the whole connection, by the section that says so; a server may also just close (RFC 9113, 5.4.1). */
const connectionErrors: Readonly<Record<string, { sent: Buffer[]; codes: number[] }>> = {
  '4.2: DATA above the largest frame': {
    sent: [post(1), frame(DATA, END_STREAM, 1, Buffer.alloc(16_385))],
    codes: [FRAME_SIZE_ERROR],
  },
  '4.2: HEADERS above the largest frame': {
    sent: [frame(HEADERS, END_HEADERS | END_STREAM, 1, Buffer.alloc(16_385))],
    codes: [FRAME_SIZE_ERROR],
  },
  '4.3: a header block that cannot be decoded': {
    sent: [frame(HEADERS, END_HEADERS | END_STREAM, 1, Buffer.from([0x00, 0x85, 0xf2, 0xb2]))],
    codes: [COMPRESSION_ERROR],
  },
  '4.3: PRIORITY within a header block': {
    sent: [frame(HEADERS, END_STREAM, 1, headerBlock()), frame(PRIORITY, 0, 1, Buffer.from([0, 0, 0, 0, 255]))],
    codes: [PROTOCOL_ERROR],
  },
  '5.1: DATA on an idle stream': { sent: [frame(DATA, END_STREAM, 1, 'x')], codes: [PROTOCOL_ERROR] },
  '5.1: RST_STREAM on an idle stream': { sent: [frame(RST_STREAM, 0, 1, uint32(8))], codes: [PROTOCOL_ERROR] },
  '5.1: WINDOW_UPDATE on an idle stream': { sent: [frame(WINDOW_UPDATE, 0, 1, uint32(100))], codes: [PROTOCOL_ERROR] },
  '5.1: CONTINUATION on an idle stream': {
    sent: [frame(CONTINUATION, END_HEADERS, 1, headerBlock())],
    codes: [PROTOCOL_ERROR],
  },
  '5.1: HEADERS on a closed stream': {
    sent: [get(1), frame(RST_STREAM, 0, 1, uint32(8)), get(1)],
    codes: [STREAM_CLOSED],
  },
  '5.1.1: an even stream': { sent: [get(2)], codes: [PROTOCOL_ERROR] },
  '5.1.1: a stream below the last': { sent: [get(5), get(3)], codes: [PROTOCOL_ERROR] },
  '6.1: DATA on stream 0': { sent: [frame(DATA, END_STREAM, 0, 'x')], codes: [PROTOCOL_ERROR] },
  '6.1: more padding than payload': {
    sent: [post(1), frame(DATA, PADDED | END_STREAM, 1, Buffer.from([6, 1, 1]))],
    codes: [PROTOCOL_ERROR],
  },
  '6.2: HEADERS on stream 0': {
    sent: [frame(HEADERS, END_HEADERS | END_STREAM, 0, headerBlock())],
    codes: [PROTOCOL_ERROR],
  },
  '6.2: HEADERS within a header block': {
    sent: [frame(HEADERS, END_STREAM, 1, headerBlock()), get(3)],
    codes: [PROTOCOL_ERROR],
  },
  '6.3: PRIORITY on stream 0': {
    sent: [frame(PRIORITY, 0, 0, Buffer.from([128, 0, 0, 1, 10]))],
    codes: [PROTOCOL_ERROR],
  },
  '6.4: RST_STREAM on stream 0': { sent: [frame(RST_STREAM, 0, 0, uint32(8))], codes: [PROTOCOL_ERROR] },
  '6.4: RST_STREAM of another length': {
    sent: [post(1), frame(RST_STREAM, 0, 1, Buffer.alloc(3))],
    codes: [FRAME_SIZE_ERROR],
  },
  '6.5: an acknowledgement with settings': {
    sent: [frame(SETTINGS, ACK, 0, setting(3, 1))],
    codes: [FRAME_SIZE_ERROR],
  },
  '6.5: SETTINGS on a stream': { sent: [frame(SETTINGS, 0, 1, setting(3, 100))], codes: [PROTOCOL_ERROR] },
  '6.5: SETTINGS of another length': { sent: [frame(SETTINGS, 0, 0, Buffer.alloc(3))], codes: [FRAME_SIZE_ERROR] },
  '6.5.2: ENABLE_PUSH of 2': { sent: [frame(SETTINGS, 0, 0, setting(2, 2))], codes: [PROTOCOL_ERROR] },
  '6.5.2: a window above 2^31-1': { sent: [frame(SETTINGS, 0, 0, setting(4, 2 ** 31))], codes: [FLOW_CONTROL_ERROR] },
  '6.5.2: a frame size below 16,384': { sent: [frame(SETTINGS, 0, 0, setting(5, 16_383))], codes: [PROTOCOL_ERROR] },
  '6.5.2: a frame size above 2^24-1': { sent: [frame(SETTINGS, 0, 0, setting(5, 2 ** 24))], codes: [PROTOCOL_ERROR] },
  '6.7: PING on a stream': { sent: [frame(PING, 0, 1, Buffer.alloc(8))], codes: [PROTOCOL_ERROR] },
  '6.7: PING of another length': { sent: [frame(PING, 0, 0, Buffer.alloc(6))], codes: [FRAME_SIZE_ERROR] },
  '6.8: GOAWAY on a stream': { sent: [frame(GOAWAY, 0, 1, Buffer.alloc(8))], codes: [PROTOCOL_ERROR] },
  '6.9: an increment of 0 for the connection': {
    sent: [frame(WINDOW_UPDATE, 0, 0, uint32(0))],
    codes: [PROTOCOL_ERROR],
  },
  '6.9: WINDOW_UPDATE of another length': {
    sent: [frame(WINDOW_UPDATE, 0, 0, Buffer.alloc(3))],
    codes: [FRAME_SIZE_ERROR],
  },
  '6.9.1: a window of the connection above 2^31-1': {
    sent: [frame(WINDOW_UPDATE, 0, 0, uint32(2 ** 31 - 1)), frame(WINDOW_UPDATE, 0, 0, uint32(2 ** 31 - 1))],
    codes: [FLOW_CONTROL_ERROR],
  },
  '6.10: CONTINUATION after the end of headers': {
    sent: [get(1), frame(CONTINUATION, END_HEADERS, 1, headerBlock())],
    codes: [PROTOCOL_ERROR, STREAM_CLOSED],
  },
  '6.10: CONTINUATION on stream 0': {
    sent: [frame(HEADERS, END_STREAM, 1, headerBlock()), frame(CONTINUATION, END_HEADERS, 0, field('a', 'b'))],
    codes: [PROTOCOL_ERROR],
  },
  '8.4: a push from a client': {
    sent: [get(1), frame(PUSH_PROMISE, END_HEADERS, 1, Buffer.concat([uint32(2), headerBlock()]))],
    codes: [PROTOCOL_ERROR],
  },
  'RFC 7541, 2.3.3: an index beyond both tables': {
    sent: [frame(HEADERS, END_HEADERS | END_STREAM, 1, Buffer.concat([headerBlock(), Buffer.from([0xff, 0x40])]))],
    codes: [COMPRESSION_ERROR],
  },
  'RFC 7541, 4.2: a table size update after a field': {
    sent: [frame(HEADERS, END_HEADERS | END_STREAM, 1, Buffer.concat([headerBlock(), Buffer.from([0x20])]))],
    codes: [COMPRESSION_ERROR],
  },
  'RFC 7541, 5.2: Huffman padding of more than 7 bits': {
    sent: [frame(HEADERS, END_HEADERS | END_STREAM, 1, Buffer.concat([headerBlock(), huffmanField('1fff')]))],
    codes: [COMPRESSION_ERROR],
  },
  'RFC 7541, 5.2: Huffman padding of zeros': {
    sent: [frame(HEADERS, END_HEADERS | END_STREAM, 1, Buffer.concat([headerBlock(), huffmanField('18')]))],
    codes: [COMPRESSION_ERROR],
  },
  'RFC 7541, 5.2: the end of string within one': {
    sent: [frame(HEADERS, END_HEADERS | END_STREAM, 1, Buffer.concat([headerBlock(), huffmanField('ffffffff')]))],
    codes: [COMPRESSION_ERROR],
  },
  'RFC 7541, 6.1: index 0': {
    sent: [frame(HEADERS, END_HEADERS | END_STREAM, 1, Buffer.concat([headerBlock(), Buffer.from([0x80])]))],
    codes: [COMPRESSION_ERROR],
  },
  'RFC 7541, 6.3: a table above its limit': {
    sent: [
      frame(
        HEADERS,
        END_HEADERS | END_STREAM,
        1,
        Buffer.concat([Buffer.from([0x3f, 0xe1, 0xff, 0x0f]), headerBlock()]),
      ),
    ],
    codes: [COMPRESSION_ERROR],
  },
};

/** What ends a stream; a server may answer 400 instead, or end the connection (RFC 9113, 5.4 and 8.1.1). */
const streamErrors: Readonly<Record<string, Buffer[]>> = {
  '5.1: DATA after the end of a stream': [get(1), frame(DATA, END_STREAM, 1, 'x')],
  '5.3.1: a stream that depends on itself': [
    frame(
      HEADERS,
      END_HEADERS | END_STREAM | WITH_PRIORITY,
      1,
      Buffer.concat([uint32(1), Buffer.from([255]), headerBlock()]),
    ),
  ],
  '6.9: an increment of 0 for a stream': [post(1), frame(WINDOW_UPDATE, 0, 1, uint32(0))],
  '6.9.1: a window of a stream above 2^31-1': [
    post(1),
    frame(WINDOW_UPDATE, 0, 1, uint32(2 ** 31 - 1)),
    frame(WINDOW_UPDATE, 0, 1, uint32(2 ** 31 - 1)),
  ],
  '8.1: a second header block that does not end the stream': [
    post(1),
    frame(HEADERS, END_HEADERS, 1, block(['x', 'y'])),
  ],
  '8.1: a pseudo-header in trailers': [post(1), frame(HEADERS, END_HEADERS | END_STREAM, 1, block([':method', 'GET']))],
  '8.1.1: a content-length that is not the length': [
    post(1, [['content-length', '1']]),
    frame(DATA, END_STREAM, 1, 'test'),
  ],
  '8.1.1: a content-length that is not the sum': [
    post(1, [['content-length', '9']]),
    frame(DATA, 0, 1, 'te'),
    frame(DATA, END_STREAM, 1, 'st'),
  ],
  '8.2: a name in upper case': [get(1, [['X-Test', 'ok']])],
  '8.2.1: a line feed in a value': [get(1, [['x', 'a\r\nb: c']])],
  '8.2.1: a space in a name': [get(1, [['x y', 'a']])],
  '8.2.2: connection': [get(1, [['connection', 'keep-alive']])],
  '8.2.2: transfer-encoding': [post(1, [['transfer-encoding', 'chunked']]), frame(DATA, END_STREAM, 1, '0\r\n\r\n')],
  '8.2.2: te other than trailers': [get(1, [['te', 'trailers, deflate']])],
  '8.3: an unknown pseudo-header': [get(1, [[':test', 'ok']])],
  '8.3: a pseudo-header of answers': [get(1, [[':status', '200']])],
  '8.3: a pseudo-header after a field': [requestOf(full, ['x', 'y'], scheme, path, authority)],
  '8.3.1: no method': [requestOf(scheme, path, authority)],
  '8.3.1: no scheme': [requestOf(full, path, authority)],
  '8.3.1: no path': [requestOf(full, scheme, authority)],
  '8.3.1: an empty path': [requestOf(full, scheme, [':path', ''], authority)],
  '8.3.1: a pseudo-header twice': [requestOf(full, full, scheme, path, authority)],
};

/** What is allowed, and answered. */
const allowed: Readonly<Record<string, Buffer[]>> = {
  '4.1: a frame of an unknown type': [frame(0x16, 0, 0, Buffer.alloc(8)), get(1)],
  '4.1: unknown flags': [frame(PING, 0x16, 0, Buffer.alloc(8)), get(1)],
  '4.1: the reserved bit': [frame(PING, 0, 2 ** 31, Buffer.alloc(8)), get(1)],
  '4.2: DATA of the largest frame': [post(1), frame(DATA, END_STREAM, 1, Buffer.alloc(16_384))],
  '5.1: PRIORITY on an idle stream': [frame(PRIORITY, 0, 3, Buffer.from([0, 0, 0, 0, 15])), get(1)],
  '6.1: DATA with padding': [post(1), frame(DATA, PADDED | END_STREAM, 1, Buffer.from([2, 97, 0, 0]))],
  '6.2: HEADERS with padding and priority': [
    frame(
      HEADERS,
      END_HEADERS | END_STREAM | PADDED | WITH_PRIORITY,
      1,
      Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 15]), headerBlock(), Buffer.alloc(2)]),
    ),
  ],
  '6.5.2: an unknown setting': [frame(SETTINGS, 0, 0, setting(0xff, 1)), get(1)],
  '6.10: headers in CONTINUATION': [
    frame(HEADERS, END_STREAM, 1, headerBlock()),
    frame(CONTINUATION, 0, 1, field('a', 'b')),
    frame(CONTINUATION, END_HEADERS, 1, field('c', 'd')),
  ],
  '8.1: trailers': [
    post(1),
    frame(DATA, 0, 1, 'x'),
    frame(HEADERS, END_HEADERS | END_STREAM, 1, block(['x-sum', '1'])),
  ],
  'RFC 7541, 6.2.1: a field that is indexed, and its index': [
    frame(
      HEADERS,
      END_HEADERS | END_STREAM,
      1,
      Buffer.concat([headerBlock(), indexed('x-new', 'one'), Buffer.from([0xbe])]),
    ),
  ],
};

describe('HTTP/2 as RFC 9113 and RFC 7541 have it', () => {
  let door: Door;
  before(async () => {
    door = await openDoor({ host: '127.0.0.1', port: 0, plain: true });
    door.exchange('/', (exchange) => {
      exchange.body.resume();
      if (exchange.hasBody) exchange.body.once('end', () => exchange.answer(200, ['content-length', '2'], 'ok'));
      else exchange.answer(200, ['content-length', '2'], 'ok');
    });
  });
  after(async () => {
    await door.close();
  });
  afterEach(async () => {
    const honest = await RawHttp2.open(door.port);
    honest.write(get(1));
    assert.equal(await honest.statusOf(1), 200, 'others are not served any more');
    honest.socket.destroy();
  });

  for (const [rule, { sent, codes }] of Object.entries(connectionErrors)) {
    it(`ends the connection: ${rule}`, async () => {
      const client = await RawHttp2.open(door.port);
      client.write(...sent);
      const goaway = await client.until(({ type }) => type === GOAWAY);
      if (goaway !== undefined)
        assert.ok(codes.includes(goaway.payload.readUInt32BE(4)), `code ${goaway.payload.readUInt32BE(4)}`);
      await client.closed();
    });
  }

  for (const [rule, sent] of Object.entries(streamErrors)) {
    it(`refuses the request: ${rule}`, async () => {
      const client = await RawHttp2.open(door.port);
      client.write(...sent);
      const end = await client.until(({ type, stream, payload }) => {
        const isRefusal = type === HEADERS && stream === 1 && payload[0] === 0x8c;
        return type === GOAWAY || type === RST_STREAM || isRefusal;
      });
      assert.ok(end !== undefined || client.socket.closed);
      client.socket.destroy();
    });
  }

  for (const [rule, sent] of Object.entries(allowed)) {
    it(`answers: ${rule}`, async () => {
      const client = await RawHttp2.open(door.port);
      client.write(...sent);
      assert.equal(await client.statusOf(1), 200);
      client.socket.destroy();
    });
  }

  it('3.4: ends a connection with another preface', async () => {
    const client = await RawHttp2.open(door.port, false);
    client.write(Buffer.from('PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n'));
    await client.closed();
  });

  it('6.5.3: applies settings and acknowledges them', async () => {
    const client = await RawHttp2.open(door.port);
    client.write(frame(SETTINGS, 0, 0, setting(4, 1)));
    await client.until(({ type, flags }) => type === SETTINGS && flags === ACK);
    client.write(get(1));
    const data = await client.until(({ type, stream }) => type === DATA && stream === 1);
    assert.equal(data?.payload.length, 1, 'the window was of one byte');
    client.write(frame(WINDOW_UPDATE, 0, 1, uint32(1)));
    await client.until(({ type, flags }) => type === DATA && (flags & END_STREAM) !== 0);
    client.socket.destroy();
  });

  it('6.7: answers a PING with its bytes', async () => {
    const client = await RawHttp2.open(door.port);
    client.write(frame(PING, 0, 0, 'chartwir'));
    const pong = await client.until(({ type, flags }) => type === PING && flags === ACK);
    assert.equal(pong?.payload.toString(), 'chartwir');
    client.socket.destroy();
  });

  it('5.1.2: refuses streams above the announced number', async () => {
    const limited = await openDoor({ host: '127.0.0.1', port: 0, plain: true, limits: { maxConcurrentStreams: 3 } });
    limited.exchange('/', () => undefined);
    const client = await RawHttp2.open(limited.port);
    client.write(...[1, 3, 5, 7, 9].map((stream) => get(stream)));
    const end = await client.until(({ type }) => type === RST_STREAM || type === GOAWAY);
    assert.ok(end !== undefined);
    client.socket.destroy();
    await limited.close();
  });
});

/** A literal field whose name is Huffman-coded so. */
function huffmanField(hex: string): Buffer {
  const bytes = Buffer.from(hex, 'hex');
  return Buffer.concat([Buffer.from([0x00, 0x80 | bytes.length]), bytes, Buffer.from([1, 97])]);
}

/** A literal field that goes into the dynamic table (RFC 7541, 6.2.1). */
function indexed(name: string, value: string): Buffer {
  const literal = field(name, value);
  return Buffer.concat([Buffer.from([0x40]), literal.subarray(1)]);
}
