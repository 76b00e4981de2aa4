import { PADDED, protocolError } from './codes.ts';

/** The payload of HEADERS or DATA without what only makes it longer (RFC 9113, 6.1). Throws what ends the connection. */
export function withoutPadding(flags: number, payload: Buffer): Buffer {
  if ((flags & PADDED) === 0) return payload;
  const padding = payload[0];
  if (padding === undefined || padding >= payload.length) throw protocolError('more padding than payload');
  return payload.subarray(1, payload.length - padding);
}
