/** Numbers of messages run below this; a power of two, and seven digits. */
export const NUMBERS = 2 ** 23;

/** Puts the number of a message into its payload, and finds it in what comes out. */
export interface Stamp {
  /** A payload with room for the number at `at`. */
  readonly payload: Buffer;
  readonly at: number;
  write(bytes: Buffer, at: number, number: number): void;
  /** The number in a payload from `start` to `end`; NaN when there is none: not a message of ours, or a damaged one. */
  read(bytes: Buffer, start: number, end: number): number;
}

/** A payload of any size from 4 bytes on; it must come out as it went in. */
export function binaryStamp(payloadBytes: number): Stamp {
  return {
    payload: Buffer.alloc(payloadBytes, 'chartwire'),
    at: 0,
    write: (bytes, at, number) => void bytes.writeUInt32LE(number, at),
    read: (bytes, start, end) => (end - start === payloadBytes ? bytes.readUInt32LE(start) : Number.NaN),
  };
}

const FIRST_NUMBER = 10_000_000;
const KEY = '"number":';
const MADE = '"checked":true';

/** A reading of 100 B as JSON. It must come out with the number and with `"checked":true`, which the flow adds. */
export function jsonStamp(): Stamp {
  const reading = {
    number: FIRST_NUMBER,
    sensor: 'boiler-7',
    temperature: 61.25,
    unit: 'C',
    state: 'running',
    line: 3,
  };
  const payload = Buffer.from(JSON.stringify(reading));
  return {
    payload,
    at: payload.indexOf(KEY) + KEY.length,
    write(bytes, at, number) {
      let rest = number;
      for (let digit = 7; digit > 0; digit -= 1) {
        bytes[at + digit] = 0x30 + (rest % 10);
        rest = Math.floor(rest / 10);
      }
    },
    read(bytes, start, end) {
      const text = bytes.toString('latin1', start, end);
      const at = text.indexOf(KEY);
      return at < 0 || !text.includes(MADE) ? Number.NaN : Number(text.slice(at + KEY.length + 1, at + KEY.length + 8));
    },
  };
}
