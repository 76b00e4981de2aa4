import assert from 'node:assert/strict';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { Packed } from '../../../src/endpoints/websocket/index.ts';
import { plainWorld, rawFrame, RawClient, type PlainWorld } from './world.ts';

/** What is sent, as first byte and payload, and what comes back; a number is the code of the close frame. */
type Talk = readonly [
  sent: readonly (readonly [number, Uint8Array | string])[],
  answer: readonly (readonly [number, string])[],
  close?: number,
];

const code = (number: number, reason = ''): Buffer => {
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(number);
  payload.write(reason, 2);
  return payload;
};
const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const CLOSE = [0x88, code(1000)] as const;

/** By the sections of the Autobahn|Testsuite, whose cases these follow in short. */
const talks: Record<string, Talk> = {
  ...Object.fromEntries(
    [0, 125, 126, 127, 128, 65_535, 65_536].flatMap((length) => [
      [`1.1 a text of ${length}`, [[[0x81, '*'.repeat(length)], CLOSE], [[0x81, '*'.repeat(length)]], 1000]],
      [`1.2 bytes of ${length}`, [[[0x82, '\u{7f}'.repeat(length)], CLOSE], [[0x82, '\u{7f}'.repeat(length)]], 1000]],
    ]),
  ),
  '2.1 a ping without a payload': [[[0x89, ''], CLOSE], [[0x8a, '']], 1000],
  '2.4 a ping of 125 bytes': [[[0x89, 'p'.repeat(125)], CLOSE], [[0x8a, 'p'.repeat(125)]], 1000],
  '2.5 a ping of 126 bytes': [[[0x89, 'p'.repeat(126)]], [], 1002],
  '2.7 a pong nobody asked for': [[[0x8a, 'x'], CLOSE], [], 1000],
  '2.10 ten pings': [
    [...Array.from({ length: 10 }, (_, index) => [0x89, `${index}`] as const), CLOSE],
    Array.from({ length: 10 }, (_, index) => [0x8a, `${index}`] as const),
    1000,
  ],
  '3.2 a text, then a reserved bit': [
    [
      [0x81, 'one'],
      [0xa1, 'two'],
      [0x89, ''],
    ],
    [[0x81, 'one']],
    1002,
  ],
  '3.6 a reserved bit in a ping': [[[0xd9, '']], [], 1002],
  '3.7 a reserved bit in a close frame': [[[0xf8, '']], [], 1002],
  '4.1 a reserved opcode': [[[0x83, '']], [], 1002],
  '4.2 a reserved opcode of control': [
    [
      [0x81, 'one'],
      [0x8c, ''],
    ],
    [[0x81, 'one']],
    1002,
  ],
  '5.1 a ping in fragments': [
    [
      [0x09, 'a'],
      [0x80, 'b'],
    ],
    [],
    1002,
  ],
  '5.3 a text in fragments': [[[0x01, 'frag'], [0x80, 'ment'], CLOSE], [[0x81, 'fragment']], 1000],
  '5.6 a ping between fragments': [
    [[0x01, 'frag'], [0x89, 'p'], [0x80, 'ment'], CLOSE],
    [
      [0x8a, 'p'],
      [0x81, 'fragment'],
    ],
    1000,
  ],
  '5.9 a continuation of nothing': [
    [
      [0x80, 'x'],
      [0x81, 'y'],
    ],
    [],
    1002,
  ],
  '5.15 an end after the end': [
    [
      [0x01, 'a'],
      [0x80, 'b'],
      [0x00, 'c'],
      [0x81, 'd'],
    ],
    [[0x81, 'ab']],
    1002,
  ],
  '5.18 a text within another': [
    [
      [0x01, 'a'],
      [0x81, 'b'],
    ],
    [],
    1002,
  ],
  '6.1 an empty text in fragments': [[[0x01, ''], [0x00, ''], [0x80, ''], CLOSE], [[0x81, '']], 1000],
  '6.2 characters cut by fragments': [
    [[0x01, hex('cebae1bd')], [0x80, hex('b9cf83cebcceb5')], CLOSE],
    [[0x81, hex('cebae1bdb9cf83cebcceb5').toString()]],
    1000,
  ],
  '6.3 a text with a surrogate': [[[0x81, hex('cebae1bdb9cf83cebcceb5eda080656469746564')]], [], 1007],
  '6.4 a wrong byte in the first of three fragments': [[[0x01, hex('cebae1bdb9cf83cebcceb5f4908080')]], [], 1007],
  '6.5 the last code point': [[[0x81, hex('f48fbfbf')], CLOSE], [[0x81, '\u{10ffff}']], 1000],
  '6.6 a character that is not whole': [[[0x81, hex('cebae1bd')]], [], 1007],
  '6.7 the first of each length': [
    [[0x81, hex('00')], [0x81, hex('c280e0a080f0908080')], CLOSE],
    [
      [0x81, '\0'],
      [0x81, '\u{80}\u{800}\u{10000}'],
    ],
    1000,
  ],
  '6.8 five bytes for a character': [[[0x81, hex('f888808080')]], [], 1007],
  '6.9 the last of three bytes': [[[0x81, hex('efbfbf')], CLOSE], [[0x81, '\u{ffff}']], 1000],
  '6.12 a lone continuation byte': [[[0x81, hex('80')]], [], 1007],
  '6.13 a lone first byte': [[[0x81, hex('c020')]], [], 1007],
  '6.17 an overlong slash': [[[0x81, hex('c0af')]], [], 1007],
  '6.20 a surrogate': [[[0x81, hex('edbfbf')]], [], 1007],
  '6.22 no characters, but UTF-8': [[[0x81, hex('efbfbe')], CLOSE], [[0x81, '\u{fffe}']], 1000],
  '7.1 a message after the close frame': [[CLOSE, [0x81, 'late']], [], 1000],
  '7.3.2 a close frame of one byte': [[[0x88, 'x']], [], 1002],
  '7.3.4 a close frame with a reason': [[[0x88, code(1000, 'Hello World!')]], [], 1000],
  '7.3.6 a close frame of 126 bytes': [[[0x88, code(1000, 'r'.repeat(124))]], [], 1002],
  '7.5 a reason that is no UTF-8': [
    [[0x88, Buffer.concat([code(1000), hex('cebae1bdb9cf83cebcceb5eda080')])]],
    [],
    1007,
  ],
  ...Object.fromEntries(
    [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999].map((number) => [
      `7.7 close code ${number}`,
      [[[0x88, code(number)]], [], number],
    ]),
  ),
  ...Object.fromEntries(
    [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map((number) => [
      `7.9 close code ${number}, which must not be sent`,
      [[[0x88, code(number)]], [], 1002],
    ]),
  ),
  '9 a mebibyte in fragments of 1 KiB': [
    [
      [0x01, 'm'.repeat(1_024)],
      ...Array.from({ length: 1_022 }, () => [0x00, 'm'.repeat(1_024)] as const),
      [0x80, 'm'.repeat(1_024)],
      CLOSE,
    ],
    [[0x81, 'm'.repeat(1_048_576)]],
    1000,
  ],
};

describe('a websocket listener follows RFC 6455', () => {
  let world: PlainWorld;
  before(async () => {
    world = await plainWorld({ maxPayloadBytes: 2 ** 21, compressFromBytes: 0, maxBufferedBytes: 2 ** 24 });
    world.listener.onMessage(({ client, payload, isText }) => {
      client.connection.send(new Packed(Buffer.from(payload), false, isText));
    });
  });
  after(async () => {
    await world[Symbol.asyncDispose]();
  });

  for (const [what, [sent, answer, close]] of Object.entries(talks)) {
    for (const way of ['at once', 'byte by byte'] as const) {
      const bytes = Buffer.concat(sent.map(([first, payload]) => rawFrame(first, payload)));
      if (way === 'byte by byte' && bytes.length > 200) continue;
      it(`${what}, ${way}`, async () => {
        const client = await RawClient.open(world.port);
        if (way === 'at once') client.socket.write(bytes);
        else for (const byte of bytes) client.socket.write(Buffer.of(byte));
        const expected = [
          ...answer.map(([first, text]) => [first, text]),
          ...(close === undefined ? [] : [[0x88, close]]),
        ];
        const frames = await client.ended();
        assert.deepEqual(
          frames.map(({ first, payload }) => [first, first === 0x88 ? payload.readUInt16BE() : payload.toString()]),
          expected,
        );
      });
    }
  }

  it('13 compresses as was agreed, and takes what is and what is not compressed', async () => {
    for (const offer of [
      'permessage-deflate',
      'permessage-deflate; server_max_window_bits=9; client_max_window_bits',
    ]) {
      const client = await RawClient.open(world.port, { 'sec-websocket-extensions': offer });
      assert.match(client.answer, /sec-websocket-extensions: permessage-deflate/);
      const text = Buffer.from('{"temperature":21.5}'.repeat(50));
      const compressed = deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
      client.send(0xc1, compressed);
      client.send(0x81, text);
      // The same in fragments: the first says that it is compressed.
      client.send(0x41, compressed.subarray(0, 9));
      client.send(0x80, compressed.subarray(9));
      for (const { first, payload } of await client.received(3)) {
        assert.equal(first, 0xc1);
        const inflated = inflateRawSync(Buffer.concat([payload, hex('0000ffff')]), {
          finishFlush: constants.Z_SYNC_FLUSH,
        });
        assert.deepEqual(inflated, text);
      }
      client.socket.destroy();
    }
  });
});
