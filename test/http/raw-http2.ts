import { connect, type Socket } from 'node:net';
import { once } from 'node:events';

/** Frame types and flags (RFC 9113, 6). */
export const DATA = 0;
export const HEADERS = 1;
export const PRIORITY = 2;
export const RST_STREAM = 3;
export const SETTINGS = 4;
export const PUSH_PROMISE = 5;
export const PING = 6;
export const GOAWAY = 7;
export const WINDOW_UPDATE = 8;
export const CONTINUATION = 9;
export const END_STREAM = 1;
export const ACK = 1;
export const END_HEADERS = 4;
export const PADDED = 8;
export const WITH_PRIORITY = 32;

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

/** RFC 9113, 3.4. */
export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** One frame as it goes over the wire (RFC 9113, 4.1), whatever nonsense it holds. */
export function frame(type: number, flags: number, stream: number, payload: Buffer | string = ''): Buffer {
  const body = Buffer.from(payload);
  const head = Buffer.alloc(9);
  head.writeUIntBE(body.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, body]);
}

/** One header field, literal and not indexed (RFC 7541, 6.2.2), of less than 127 bytes each. */
export function field(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.from([0x00]), text(name), text(value)]);
}

/** The header block of a request, with these fields after the four that must be. */
export function headerBlock(path = '/', method = 'GET', more: readonly (readonly [string, string])[] = []): Buffer {
  const all = [[':method', method], [':scheme', 'http'], [':path', path], [':authority', 'here'], ...more] as const;
  return Buffer.concat(all.map(([name, value]) => field(name, value)));
}

export const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** One setting (RFC 9113, 6.5.1). */
export const setting = (id: number, value: number): Buffer =>
  Buffer.concat([Buffer.from([id >> 8, id & 255]), uint32(value)]);

/** A client of HTTP/2 that says what it is told to, byte by byte. */
export class RawHttp2 {
  readonly frames: Frame[] = [];
  readonly socket: Socket;
  #rest = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  /** Connects; unless told otherwise it says the preface and empty settings, and acknowledges those of the server. */
  static async open(port: number, begins = true): Promise<RawHttp2> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const client = new RawHttp2(socket);
    if (begins) {
      client.write(PREFACE, frame(SETTINGS, 0, 0));
      await client.until(({ type, flags }) => type === SETTINGS && flags === 0);
      client.write(frame(SETTINGS, ACK, 0));
    }
    return client;
  }

  write(...frames: Buffer[]): void {
    if (this.socket.writable) this.socket.write(Buffer.concat(frames));
  }

  /** The first frame of that kind, now or later; undefined when the connection ends without one. */
  async until(fits: (frame: Frame) => boolean): Promise<Frame | undefined> {
    for (;;) {
      const found = this.frames.find(fits);
      if (found !== undefined || this.socket.closed) return found;
      await new Promise<void>((resolve) => {
        const go = (): void => {
          this.socket.off('data', go);
          this.socket.off('close', go);
          resolve();
        };
        this.socket.on('data', go);
        this.socket.on('close', go);
      });
    }
  }

  async closed(): Promise<void> {
    if (!this.socket.closed) await once(this.socket, 'close');
  }

  /** The status of a stream's answer, from the indexed or literal field it begins with; undefined when it was reset or cut off. */
  async statusOf(stream: number): Promise<number | undefined> {
    const found = await this.until((one) => one.stream === stream && (one.type === HEADERS || one.type === RST_STREAM));
    if (found === undefined || found.type === RST_STREAM) return undefined;
    const [first] = found.payload;
    const indexed = STATUSES[first! & 0x7f];
    if ((first! & 0x80) !== 0 && indexed !== undefined) return indexed;
    // A literal status: its digits come as Huffman codes or plain; all that matters is that it is one.
    return 0;
  }

  #take(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= 9) {
      const end = 9 + this.#rest.readUIntBE(0, 3);
      if (this.#rest.length < end) return;
      this.frames.push({
        type: this.#rest.readUInt8(3),
        flags: this.#rest.readUInt8(4),
        stream: this.#rest.readUInt32BE(5) & 0x7fffffff,
        payload: this.#rest.subarray(9, end),
      });
      this.#rest = this.#rest.subarray(end);
    }
  }
}

/** RFC 7541, appendix A: indexes 8 to 14. */
const STATUSES: Readonly<Record<number, number>> = { 8: 200, 9: 204, 10: 206, 11: 304, 12: 400, 13: 404, 14: 500 };

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  // An integer of more than seven bits (RFC 7541, 5.1).
  const length = [127];
  let rest = bytes.length - 127;
  for (; rest >= 128; rest = Math.floor(rest / 128)) length.push((rest % 128) + 128);
  return Buffer.concat([Buffer.from([...length, rest]), bytes]);
}
