import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Told of the first eight bytes of each message, as a number, and of the end of a read. */
export interface ClientEvents {
  message(number: number): void;
  turn(): void;
}

const DIGITS = 8;
const nothing = Buffer.alloc(0);
/** Whoever serves us may ask whether we are still there; pings without a payload are all that comes. */
const PING = 0x89;
const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

/** The least of a WebSocket client: it looks at the beginning of messages only, so that the load is not what is measured. */
export class Client {
  readonly socket: Socket;
  events: ClientEvents | undefined;
  #rest: Buffer = nothing;
  #skip = 0;

  private constructor(socket: Socket, head: Buffer) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    if (head.length > 0) this.#read(head);
  }

  static async open(port: number, path: string): Promise<Client> {
    const socket = connect(port, '127.0.0.1').setNoDelay(true);
    socket.write(
      `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nupgrade: websocket\r\nconnection: upgrade\r\n` +
        `sec-websocket-version: 13\r\nsec-websocket-key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
    );
    let answer = nothing;
    while (!answer.includes('\r\n\r\n'))
      answer = Buffer.concat([answer, ((await once(socket, 'data')) as [Buffer])[0]]);
    if (!answer.toString('latin1').startsWith('HTTP/1.1 101')) throw new Error(`no upgrade: ${answer.toString()}`);
    return new Client(socket, answer.subarray(answer.indexOf('\r\n\r\n') + 4));
  }

  #read(chunk: Buffer): void {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = nothing;
    let at = 0;
    if (this.#skip > 0) {
      at = Math.min(this.#skip, bytes.length);
      this.#skip -= at;
    }
    while (at < bytes.length) {
      if (bytes[at] === PING && bytes.length >= at + 2) {
        this.socket.write(PONG);
        at += 2 + bytes[at + 1]!;
        continue;
      }
      const code = bytes[at + 1] ?? 127;
      const start = at + (code < 126 ? 2 : code === 126 ? 4 : 10);
      if (bytes.length < start + DIGITS) {
        this.#rest = bytes.subarray(at);
        break;
      }
      const length =
        code < 126 ? code : code === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
      this.events?.message(numberAt(bytes, start));
      at = start + length;
      if (at > bytes.length) this.#skip = at - bytes.length;
    }
    bytes = nothing;
    this.events?.turn();
  }
}

function numberAt(bytes: Buffer, at: number): number {
  let number = 0;
  for (let index = at; index < at + DIGITS; index += 1) number = number * 10 + bytes[index]! - 48;
  return number;
}

/** A masked text frame of so many bytes that begins with a number. */
export class NumberedFrame {
  static readonly #mask = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);
  readonly #frame: Buffer;
  readonly #start: number;

  constructor(payloadBytes: number) {
    const lengthBytes = payloadBytes < 126 ? 0 : payloadBytes < 65_536 ? 2 : 8;
    this.#start = 2 + lengthBytes + 4;
    this.#frame = Buffer.alloc(this.#start + payloadBytes, 'x');
    this.#frame[0] = 0x81;
    this.#frame[1] = 0x80 | (lengthBytes === 0 ? payloadBytes : lengthBytes === 2 ? 126 : 127);
    if (lengthBytes === 2) this.#frame.writeUInt16BE(payloadBytes, 2);
    if (lengthBytes === 8) this.#frame.writeBigUInt64BE(BigInt(payloadBytes), 2);
    NumberedFrame.#mask.copy(this.#frame, 2 + lengthBytes);
    for (let at = 0; at < payloadBytes; at += 1) this.#frame[this.#start + at]! ^= NumberedFrame.#mask[at & 3]!;
  }

  /** A copy for each number. */
  of(first: number, count: number): Buffer {
    const { length } = this.#frame;
    const frames = Buffer.allocUnsafe(length * count);
    for (let index = 0; index < count; index += 1) {
      frames.set(this.#frame, index * length);
      let number = first + index;
      for (let digit = DIGITS - 1; digit >= 0; digit -= 1) {
        frames[index * length + this.#start + digit] = (48 + (number % 10)) ^ NumberedFrame.#mask[digit & 3]!;
        number = Math.floor(number / 10);
      }
    }
    return frames;
  }
}
