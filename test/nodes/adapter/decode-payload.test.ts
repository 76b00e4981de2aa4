import assert from 'node:assert/strict';
import { decodePayload } from '../../../nodes/adapter/decode-payload.ts';
import type { PayloadType } from '../../../nodes/adapter/payload-type.ts';

const binary = Buffer.from([0xff, 0x00]);
const table: readonly (readonly [PayloadType, string | Buffer, string | undefined, unknown])[] = [
  ['buffer', 'x', 'text/plain', Buffer.from('x')],
  ['base64', 'x', undefined, 'eA=='],
  ['utf8', '{"a":1}', 'application/json', '{"a":1}'],
  ['json', '{"a":1}', undefined, { a: 1 }],
  ['auto-detect', '{"a":1}', 'application/json', { a: 1 }],
  ['auto-detect', '{"a":1}', 'Application/Vnd.X+JSON; charset=utf-8', { a: 1 }],
  ['auto-detect', '{"a":1}', 'text/plain', '{"a":1}'],
  ['auto-detect', '{"a":1}', 'application/cbor', Buffer.from('{"a":1}')],
  ['auto-detect', '{"a":1}', undefined, { a: 1 }],
  ['auto-detect', '21.5', undefined, 21.5],
  ['auto-detect', 'plain', undefined, 'plain'],
  ['auto-detect', binary, undefined, binary],
  ['auto-detect', '', undefined, ''],
];

describe('a payload that arrives', () => {
  for (const [type, bytes, contentType, expected] of table) {
    it(`becomes ${JSON.stringify(expected)} as ${type} from ${JSON.stringify(bytes)} of type ${contentType ?? 'unknown'}`, () => {
      const message = { payload: Buffer.from(bytes as string), ...(contentType !== undefined && { contentType }) };
      assert.deepEqual(decodePayload(type, message), expected);
    });
  }

  for (const [type, bytes] of [
    ['json', 'no'],
    ['json', binary],
    ['utf8', binary],
  ] as const) {
    it(`is refused as ${type} when it is none: ${JSON.stringify(bytes)}`, () => {
      assert.throws(() => decodePayload(type, { payload: Buffer.from(bytes as string) }), { code: 'MESSAGE_INVALID' });
    });
  }
});
