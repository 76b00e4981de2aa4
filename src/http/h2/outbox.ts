import type { Socket } from 'node:net';
import type { AnswerHeaders } from '../exchange.ts';
import { CONTINUATION, DATA, END_HEADERS, END_STREAM, HEADERS } from './codes.ts';
import { dateNow } from '../date.ts';
import { bytesFrame, frameHead, HEAD_BYTES, wordsFrame, writeHead } from './frame.ts';
import { encodeField, encodeHeaders } from './header-encoder.ts';
import type { PeerSettings } from './peer-settings.ts';
import type { Http2Stream } from './stream.ts';

/** Bytes the socket may hold before nothing more is read or sent: who does not read his answers asks nothing more. */
const HIGH_WATER_BYTES = 262_144;
/** Bodies from here on are sent from where they lie. */
const LEAST_REFERENCED_BYTES = 8_192;
/** What leaves in one turn is copied together up to this. */
const MOST_COPIED_BYTES = 16_384;
/** Largest frame we make, whatever the far side would take: a stream is not to hold up the others. */
const LARGEST_FRAME = 16_384;

/** All that goes out on one connection: frames of one turn leave in one write, data as the windows let it. */
export class Outbox {
  /** What we may still send on the whole connection. */
  window = 65_535;
  readonly #socket: Socket;
  readonly #peer: PeerSettings;
  readonly #streams: () => Iterable<Http2Stream>;
  #frames: Buffer[] = [];
  #bytes = 0;
  #isHeld = false;
  #isScheduled = false;
  #isFull = false;
  #endsAfter = false;
  #isClosed = false;

  constructor(socket: Socket, peer: PeerSettings, streams: () => Iterable<Http2Stream>) {
    this.#socket = socket;
    this.#peer = peer;
    this.#streams = streams;
    socket.on('drain', () => this.#drained());
  }

  push(...frames: Buffer[]): void {
    if (this.#isClosed) return;
    for (const frame of frames) {
      this.#frames.push(frame);
      this.#bytes += frame.length;
    }
    this.#schedule();
  }

  /** A frame of 32-bit words. */
  words(type: number, flags: number, stream: number, ...words: number[]): void {
    this.push(wordsFrame(type, flags, stream, ...words));
  }

  /** Until the next {@link flush} nothing leaves: more comes in the same turn. */
  hold(): void {
    this.#isHeld = true;
  }

  flush(): void {
    this.#isHeld = false;
    const frames = this.#frames;
    if (frames.length > 0 && !this.#socket.destroyed) {
      this.#frames = [];
      const bytes = this.#bytes;
      this.#bytes = 0;
      // Small frames are copied into one; large ones lie where they are, and leave with the others all the same.
      if (bytes < MOST_COPIED_BYTES)
        this.#socket.write(frames.length === 1 ? frames[0]! : Buffer.concat(frames, bytes));
      else {
        this.#socket.cork();
        for (const frame of frames) this.#socket.write(frame);
        this.#socket.uncork();
      }
      if (!this.#isFull && this.#socket.writableLength > HIGH_WATER_BYTES) {
        this.#isFull = true;
        this.#socket.pause();
      }
    }
    if (this.#endsAfter && !this.#isClosed) {
      this.#isClosed = true;
      this.#socket.end();
    }
  }

  /** Ends the connection after all that was pushed. */
  end(): void {
    this.#endsAfter = true;
    if (!this.#isHeld) this.flush();
  }

  close(): void {
    if (this.#frames.length > 0 && !this.#isClosed) this.flush();
    this.#isClosed = true;
    this.#frames = [];
    this.#bytes = 0;
  }

  /** A header section, in as many frames as it takes. */
  headers(stream: number, fields: readonly string[], isEnd: boolean): void {
    const block = encodeHeaders(fields);
    const most = LARGEST_FRAME;
    const end = isEnd ? END_STREAM : 0;
    if (block.length <= most) return this.push(bytesFrame(HEADERS, END_HEADERS | end, stream, block));
    this.push(bytesFrame(HEADERS, end, stream, block.subarray(0, most)));
    for (let at = most; at < block.length; at += most) {
      const flags = at + most >= block.length ? END_HEADERS : 0;
      this.push(bytesFrame(CONTINUATION, flags, stream, block.subarray(at, at + most)));
    }
  }

  /** A whole answer; `waits` when its body has to wait for a window, and stands in `stream.waiting` then. */
  answer(
    stream: Http2Stream,
    status: number,
    headers: AnswerHeaders,
    body: Uint8Array | string | undefined,
  ): 'sent' | 'waits' {
    const length = body === undefined ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : body.length;
    const fits = length <= LARGEST_FRAME && length <= this.window && length <= stream.sendWindow && !this.#isFull;
    const parts = [encodeField(':status', statusText(status)), encodeField('date', dateNow())];
    let blockBytes = parts[0]!.length + parts[1]!.length;
    for (let index = 0; index + 1 < headers.length; index += 2) {
      const field = encodeField(headers[index]!, headers[index + 1]!);
      parts.push(field);
      blockBytes += field.length;
    }
    if (!fits || blockBytes > LARGEST_FRAME) {
      this.headers(stream.id, [':status', statusText(status), 'date', dateNow(), ...headers], length === 0);
      if (length === 0) return 'sent';
      stream.waiting = [typeof body === 'string' ? Buffer.from(body) : asBuffer(body!)];
      stream.waitingBytes = length;
      return 'waits';
    }
    const isReferenced = length >= LEAST_REFERENCED_BYTES && typeof body !== 'string';
    const dataBytes = length === 0 ? 0 : HEAD_BYTES + (isReferenced ? 0 : length);
    const frame = Buffer.allocUnsafe(HEAD_BYTES + blockBytes + dataBytes);
    let at = writeHead(frame, 0, blockBytes, HEADERS, END_HEADERS | (length === 0 ? END_STREAM : 0), stream.id);
    for (const part of parts) {
      frame.set(part, at);
      at += part.length;
    }
    if (length > 0) {
      at = writeHead(frame, at, length, DATA, END_STREAM, stream.id);
      if (typeof body === 'string') frame.write(body, at);
      else if (!isReferenced) frame.set(body!, at);
      this.window -= length;
      stream.sendWindow -= length;
    }
    if (isReferenced) this.push(frame, asBuffer(body as Uint8Array));
    else this.push(frame);
    return 'sent';
  }

  /** Sends what waits of a stream. True: all of it has gone, with its end. */
  data(stream: Http2Stream): boolean {
    const waiting = stream.waiting ?? [];
    for (let [first] = waiting; first !== undefined && !this.#isFull; [first] = waiting) {
      const room = Math.min(this.window, stream.sendWindow, LARGEST_FRAME, this.#peer.maxFrame);
      if (room <= 0) return false;
      const part = first.length > room ? first.subarray(0, room) : first;
      if (part.length === first.length) waiting.shift();
      else waiting[0] = first.subarray(room);
      this.window -= part.length;
      stream.sendWindow -= part.length;
      stream.waitingBytes -= part.length;
      const isLast = waiting.length === 0 && stream.ending === 'data';
      const flags = isLast ? END_STREAM : 0;
      if (part.length < LEAST_REFERENCED_BYTES) this.push(bytesFrame(DATA, flags, stream.id, part));
      else this.push(frameHead(part.length, DATA, flags, stream.id), part);
      if (isLast) return true;
      if (!this.#isHeld && this.#bytes + this.#socket.writableLength > HIGH_WATER_BYTES) this.flush();
    }
    if (stream.waitingBytes > 0 || stream.ending === 'no') return false;
    if (stream.ending === 'trailers')
      this.headers(stream.id, Object.entries(stream.endTrailers ?? {}).flatMap(lowered), true);
    else this.push(bytesFrame(DATA, END_STREAM, stream.id, NOTHING));
    return true;
  }

  /** What is said while nobody reads goes with the rest of the turn; when others work too, with theirs. */
  #schedule(): void {
    if (this.#isHeld || this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.flush();
    });
  }

  #drained(): void {
    if (!this.#isFull) return;
    this.#isFull = false;
    this.#socket.resume();
    for (const stream of this.#streams()) if (stream.waiting !== undefined) stream.pump();
  }
}

const NOTHING = Buffer.alloc(0);
const lowered = ([name, value]: readonly [string, string]): string[] => [name.toLowerCase(), value];
const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const statuses = new Map<number, string>();

function statusText(status: number): string {
  let text = statuses.get(status);
  if (text === undefined) statuses.set(status, (text = String(status)));
  return text;
}
