import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { closeCodes } from './close-codes.ts';
import type { Malformed } from './decoder.ts';

/** Gives a message as it was before compression, or what is wrong with it. No more than `limitBytes` are ever made. */
export type Inflate = (payload: Uint8Array, limitBytes: number) => Buffer | Malformed;
export type Deflate = (payload: Uint8Array) => Buffer;

/** What flushing left at the end, and is left out on the wire (RFC 7692, 7.2.1). */
const TAIL = Buffer.from([0, 0, 0xff, 0xff]);
/** zlib makes no raw stream with a window of 2^8. */
const LEAST_WINDOW_BITS = 9;

/**
 * Undoes permessage-deflate (RFC 7692, 7.2.2). When the far side goes on using what it has said before, the last
 * 2^windowBits bytes are kept for that, and nothing else between two messages.
 */
export function newInflate(keepsContext: boolean, windowBits: number): Inflate {
  const windowBytes = 2 ** windowBits;
  let window: Buffer | undefined;
  return (payload, limitBytes) => {
    try {
      const inflated = inflateRawSync(Buffer.concat([payload, TAIL]), {
        finishFlush: constants.Z_SYNC_FLUSH,
        maxOutputLength: Math.max(1, limitBytes),
        windowBits: 15,
        ...(window !== undefined && { dictionary: window }),
      });
      if (inflated.length > limitBytes) return oversize(limitBytes);
      if (keepsContext) window = lastOf(window, inflated, windowBytes);
      return inflated;
    } catch (error) {
      const isTooLong = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
      if (isTooLong) return oversize(limitBytes);
      return { code: closeCodes.notUtf8, text: 'a message that cannot be decompressed' };
    }
  };
}

/** Does permessage-deflate (RFC 7692, 7.2.1), each message for itself: a broadcast is compressed once, and idle connections keep nothing. */
export function deflateFor(windowBits: number): Deflate {
  return (deflates[windowBits] ??= newDeflate(windowBits));
}

/** One for each window: what is compressed alike is compressed once. */
const deflates: (Deflate | undefined)[] = [];

function newDeflate(windowBits: number): Deflate {
  const options = {
    finishFlush: constants.Z_SYNC_FLUSH,
    windowBits: Math.max(LEAST_WINDOW_BITS, windowBits),
    level: constants.Z_BEST_SPEED,
    memLevel: 8,
  };
  return (payload) => {
    const deflated = deflateRawSync(payload, options);
    return deflated.subarray(0, deflated.length - TAIL.length);
  };
}

function oversize(limitBytes: number): Malformed {
  return { code: closeCodes.oversize, text: `a message of more than ${limitBytes} bytes, decompressed` };
}

function lastOf(before: Buffer | undefined, inflated: Buffer, most: number): Buffer {
  const both = before === undefined || inflated.length >= most ? inflated : Buffer.concat([before, inflated]);
  return Buffer.from(both.subarray(Math.max(0, both.length - most)));
}
