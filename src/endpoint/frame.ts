import { Fault } from '../fault.ts';
import { isRecord } from '../is-record.ts';
import { isTexts } from './is-texts.ts';
import type { Message } from './message.ts';

/** One unit on the wire between two Chartwires: `data` and `ping` are answered by `ack` or `refuse` with the same id. */
export type Frame =
  | { readonly type: 'data'; readonly id: number; readonly message: Message }
  | { readonly type: 'ack'; readonly id: number }
  | { readonly type: 'refuse'; readonly id: number; readonly code: string; readonly reason: string }
  | { readonly type: 'ping'; readonly id: number };

/** What came in: a frame, one whose payload is too large to take (it can be refused by its id), or no frame at all. */
export type Decoded =
  | Frame
  | { readonly type: 'oversize'; readonly id: number; readonly sizeBytes: number }
  | { readonly type: 'malformed'; readonly problem: string };

/** Fixed part: type u8, id u32, header length u16, all big-endian; then the header as JSON; then the payload. */
export const FRAME_PREFIX_BYTES = 7;
/** Longest header (topic, content type, properties), in bytes of UTF-8. */
export const MAX_HEADER_BYTES = 16_384;

const codes = { data: 1, ack: 2, refuse: 3, ping: 4 } as const;

/** Throws MESSAGE_INVALID when topic, content type and properties together exceed {@link MAX_HEADER_BYTES}. */
export function encodeFrame(frame: Frame): Buffer {
  const header = headerOf(frame);
  const headerBytes = Buffer.byteLength(header);
  if (headerBytes > MAX_HEADER_BYTES) {
    throw new Fault('MESSAGE_INVALID', {
      problem: `topic and properties take ${headerBytes} of ${MAX_HEADER_BYTES} bytes`,
    });
  }
  const payload = frame.type === 'data' ? frame.message.payload : undefined;
  const bytes = Buffer.allocUnsafe(FRAME_PREFIX_BYTES + headerBytes + (payload?.byteLength ?? 0));
  bytes.writeUInt8(codes[frame.type], 0);
  bytes.writeUInt32BE(frame.id, 1);
  bytes.writeUInt16BE(headerBytes, 5);
  bytes.write(header, FRAME_PREFIX_BYTES);
  if (payload !== undefined) bytes.set(payload, FRAME_PREFIX_BYTES + headerBytes);
  return bytes;
}

/** Never throws. The payload is a view on `bytes`: copy it if those are used again. */
export function decodeFrame(bytes: Buffer, maxPayloadBytes: number): Decoded {
  if (bytes.length < FRAME_PREFIX_BYTES) return malformed(`${bytes.length} bytes are no frame`);
  const code = bytes.readUInt8(0);
  const id = bytes.readUInt32BE(1);
  const end = FRAME_PREFIX_BYTES + bytes.readUInt16BE(5);
  if (end > bytes.length || end > FRAME_PREFIX_BYTES + MAX_HEADER_BYTES) return malformed('wrong header length');
  const payload = bytes.subarray(end);
  if (code !== codes.data && payload.length > 0) return malformed('a payload where none belongs');
  switch (code) {
    case codes.data:
      if (payload.length > maxPayloadBytes) return { type: 'oversize', id, sizeBytes: payload.length };
      return dataFrame(id, findHeader(bytes, end), payload);
    case codes.refuse:
      return refuseFrame(id, findHeader(bytes, end));
    case codes.ack:
    case codes.ping:
      if (end > FRAME_PREFIX_BYTES) return malformed('a header where none belongs');
      return { type: code === codes.ack ? 'ack' : 'ping', id };
    default:
      return malformed(`unknown frame type ${code}`);
  }
}

function headerOf(frame: Frame): string {
  if (frame.type === 'refuse') return JSON.stringify({ code: frame.code, reason: frame.reason });
  if (frame.type !== 'data') return '';
  const { topic, contentType, properties } = frame.message;
  return JSON.stringify({ topic, contentType, properties });
}

type Header = Readonly<Record<string, unknown>>;

function findHeader(bytes: Buffer, end: number): Header | undefined {
  try {
    const header: unknown = JSON.parse(bytes.toString('utf8', FRAME_PREFIX_BYTES, end));
    return isRecord(header) ? header : undefined;
  } catch {
    return undefined;
  }
}

function dataFrame(id: number, header: Header | undefined, payload: Buffer): Decoded {
  if (header === undefined) return malformed('the header is no JSON object');
  const { topic, contentType, properties } = header;
  if (typeof topic !== 'string') return malformed('the header holds no topic');
  if (contentType !== undefined && typeof contentType !== 'string') return malformed('the content type is no text');
  if (properties !== undefined && !isTexts(properties)) return malformed('the properties are not all text');
  const message = { topic, payload, ...(contentType === undefined ? {} : { contentType }) };
  return { type: 'data', id, message: properties === undefined ? message : { ...message, properties } };
}

function refuseFrame(id: number, header: Header | undefined): Decoded {
  if (typeof header?.['code'] !== 'string' || typeof header['reason'] !== 'string') return malformed('no reason given');
  return { type: 'refuse', id, code: header['code'], reason: header['reason'] };
}

function malformed(problem: string): Decoded {
  return { type: 'malformed', problem };
}
