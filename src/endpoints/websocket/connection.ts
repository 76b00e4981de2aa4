import type { Duplex } from 'node:stream';
import { Fault } from '../../fault.ts';
import { WriteBatch } from '../../wire/write-batch.ts';
import { noteChunk } from '../../wire/young-garbage.ts';
import { FlushQueue } from '../../wire/flush-queue.ts';
import {
  applyMask,
  closeCodes,
  closeFrame,
  FrameDecoder,
  frameOf,
  headerBytes,
  deflateFor,
  newInflate,
  newMask,
  opcodes,
  writeHeader,
  type Deflate,
  type DeflateAgreement,
  type FrameSink,
  type Malformed,
} from '../../wire/websocket/index.ts';
import type { Packed } from './packed.ts';
import { WaitingFrames, type Left } from './waiting-frames.ts';

/** What to do when a far side takes less than it is sent. */
export type Overflow = 'dropOldest' | 'dropNewest' | 'disconnect';

export interface ConnectionSettings {
  /** We are the server. */
  readonly server: boolean;
  readonly maxPayloadBytes: number;
  /** Bytes that may wait for one far side, beside those the operating system holds. */
  readonly maxBufferedBytes: number;
  readonly overflow: Overflow;
  /** Pings the far side may send in a second. */
  readonly maxPingsPerSecond: number;
  /** Payloads from this size on are compressed where that was agreed; shorter ones gain nothing. */
  readonly compressFromBytes: number;
}

/** What happens to connections; one object serves all of a listener. */
export interface ConnectionEvents {
  /** Text is valid UTF-8. The bytes may be a view on more than this message. */
  message(connection: Connection, payload: Buffer, isText: boolean): void;
  /** What was wrong with what it sent; it is being closed. */
  malformed(connection: Connection, malformed: Malformed): void;
  dropped(connection: Connection, count: number): void;
  /** The last event, once: with the code of the far side, or 1006 when it sent none. */
  closed(connection: Connection, code: number, reason: string): void;
}

/** How long a far side may take to answer a close frame, and then to close. */
const CLOSE_MS = 500;
/** What is collected in a turn before it is given to the stream; what that has no room for waits here, where it can be dropped. */
const STREAM_BYTES = 65_536;

/** Frames of all connections leave after all sockets that are readable now were read: messages that pass through a flow share a write. The first after a pause leaves at once. */
const turns = new FlushQueue('adaptive');

/** One open WebSocket on a stream: messages in and out, pings answered, and the closing handshake (RFC 6455, 5 to 7). */
export class Connection implements FrameSink {
  readonly #stream: Duplex;
  readonly #settings: ConnectionSettings;
  readonly #events: ConnectionEvents;
  readonly #decoder: FrameDecoder;
  readonly #batch: WriteBatch;
  readonly #deflate: Deflate | undefined;
  #waiting: WaitingFrames | undefined;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #cut: NodeJS.Timeout | undefined;
  #farClose: { readonly code: number; readonly reason: string } | undefined;
  #pings = 0;
  #pingsSince = 0;
  /** The newest ping while what we send waits: older ones need no answer (RFC 6455, 5.5.3). */
  #owedPong: Buffer | undefined;
  /** Something came since this was last set to false. */
  heard = true;

  constructor(
    stream: Duplex,
    settings: ConnectionSettings,
    events: ConnectionEvents,
    agreement: DeflateAgreement | undefined,
  ) {
    const { server, maxPayloadBytes } = settings;
    this.#stream = stream;
    this.#settings = settings;
    this.#events = events;
    const inflate = agreement && newInflate(agreement.farKeepsContext, agreement.farWindowBits);
    this.#deflate = agreement && deflateFor(agreement.ownWindowBits);
    this.#decoder = new FrameDecoder({ server, maxPayloadBytes, inflate }, this);
    this.#batch = new WriteBatch(stream, turns);
    stream.on('drain', () => this.#pump());
    // What breaks a stream also closes it, which is heard below.
    stream.on('error', () => undefined);
    stream.on('end', () => this.#end());
    stream.once('close', () => this.#closed());
  }

  /** Reads from now on, first what was read already. */
  start(head: Buffer): void {
    if (head.length > 0) this.#read(head);
    this.#stream.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Bytes that wait here and in the stream. */
  get bufferedBytes(): number {
    return this.#batch.pendingBytes + this.#stream.writableLength + (this.#waiting?.bytes ?? 0);
  }

  /** The far side takes less than it is sent. */
  get isBlocked(): boolean {
    return this.#waiting !== undefined && this.#waiting.bytes > 0;
  }

  /** Whether we do not read, so that its silence means nothing. */
  get isPaused(): boolean {
    return this.#stream.isPaused();
  }

  /** Reads no further, not even what is there already. */
  pause(): void {
    this.#decoder.hold();
    this.#stream.pause();
  }

  resume(): void {
    const malformed = this.#decoder.release();
    if (malformed !== undefined) this.#refuse(malformed);
    if (!this.#decoder.isHeld) this.#stream.resume();
  }

  /** True: it leaves at the end of the turn. False: `left` tells when it has left, or why it never will. */
  send(packed: Packed, left?: Left): boolean {
    if (this.#state !== 'open') {
      left?.(this.#gone());
      return false;
    }
    const { server, compressFromBytes } = this.#settings;
    const deflate = packed.sizeBytes >= compressFromBytes ? this.#deflate : undefined;
    if (deflate !== undefined || this.#isFull()) return this.#sendFrame(packed.frame(server, deflate), left);
    if (server && packed.isShared) {
      this.#batch.add(packed.frame(server, undefined));
      return true;
    }
    this.#write(packed);
    return true;
  }

  /** Asks for a sign of life. */
  ping(): void {
    if (this.#state === 'open') this.#batch.add(this.#control(opcodes.ping, Buffer.alloc(0)));
  }

  /** Says why, once, and cuts the connection when the far side does not answer that. What waits is dropped. */
  close(code: number, reason = ''): void {
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    this.#dropWaiting();
    this.#batch.add(closeFrame(code, reason, !this.#settings.server));
    this.#batch.flush();
    // Only what is read can hold the answer.
    this.#decoder.release();
    this.#stream.resume();
    this.#cutLater();
  }

  /** Ends it at once, without a word. */
  terminate(): void {
    this.#stream.destroy();
  }

  message(payload: Buffer, isText: boolean): void {
    if (this.#state === 'open') this.#events.message(this, payload, isText);
  }

  pinged(payload: Buffer): void {
    const now = performance.now();
    if (now - this.#pingsSince > 1_000) {
      this.#pingsSince = now;
      this.#pings = 0;
    }
    this.#pings += 1;
    const { maxPingsPerSecond } = this.#settings;
    if (this.#pings > maxPingsPerSecond) {
      this.#refuse({ code: closeCodes.forbidden, text: `more than ${maxPingsPerSecond} pings in a second` });
    } else if (this.#isFull()) this.#owedPong = Buffer.from(payload);
    else if (this.#state === 'open') this.#batch.add(this.#control(opcodes.pong, payload));
  }

  ponged(): void {}

  closeFrame(code: number | undefined, reason: string): void {
    this.#farClose ??= { code: code ?? closeCodes.noneGiven, reason };
    if (this.#state === 'open') {
      this.#state = 'closing';
      this.#dropWaiting();
      this.#batch.add(closeFrame(code, '', !this.#settings.server));
      this.#batch.flush();
    }
    // The server closes first (RFC 6455, 7.1.1).
    if (this.#settings.server) this.#stream.end();
    this.#cutLater();
  }

  #read(chunk: Buffer): void {
    this.heard = true;
    noteChunk(chunk);
    const malformed = this.#decoder.feed(chunk);
    if (malformed !== undefined) this.#refuse(malformed);
  }

  /** RFC 6455, 7.1.7. */
  #refuse(malformed: Malformed): void {
    if (this.#state !== 'open') return;
    this.#events.malformed(this, malformed);
    this.close(malformed.code, malformed.text);
    this.#stream.end();
  }

  #sendFrame(frame: Buffer, left: Left | undefined): boolean {
    if (!this.#isFull()) {
      this.#batch.add(frame);
      return true;
    }
    const { maxBufferedBytes, overflow } = this.#settings;
    const waiting = (this.#waiting ??= new WaitingFrames());
    if (waiting.bytes + frame.length <= maxBufferedBytes) {
      waiting.add(frame, left);
      return false;
    }
    const full = new Fault('FAR_SIDE_SLOW', { limitBytes: maxBufferedBytes });
    if (overflow === 'disconnect') {
      left?.(full);
      this.#events.dropped(this, waiting.count + 1);
      this.close(closeCodes.overload, 'it takes less than it is sent');
    } else if (overflow === 'dropNewest' || frame.length > maxBufferedBytes) {
      left?.(full);
      this.#events.dropped(this, 1);
    } else {
      this.#events.dropped(this, waiting.dropOldest(frame.length - (maxBufferedBytes - waiting.bytes), full));
      waiting.add(frame, left);
    }
    return false;
  }

  #isFull(): boolean {
    if (this.isBlocked) return true;
    if (this.#batch.pendingBytes >= STREAM_BYTES) this.#batch.flush();
    return this.#stream.writableNeedDrain;
  }

  /** Straight into the bytes of this turn: nothing is made for a message that goes to one. */
  #write(packed: Packed): void {
    const masked = !this.#settings.server;
    const batch = this.#batch;
    const length = packed.sizeBytes;
    const total = headerBytes(length, masked) + length;
    batch.room(total);
    const mask = masked ? newMask() : 0;
    const start = writeHeader(batch.bytes, batch.at, length, { opcode: packed.opcode, masked }, mask);
    packed.writeTo(batch.bytes, start);
    if (masked) applyMask(batch.bytes, start, start + length, mask);
    batch.at = start + length;
  }

  #control(opcode: number, payload: Uint8Array): Buffer {
    return frameOf(payload, { opcode, masked: !this.#settings.server });
  }

  /** The stream takes more. */
  #pump(): void {
    if (this.#owedPong !== undefined && this.#state === 'open') {
      this.#batch.add(this.#control(opcodes.pong, this.#owedPong));
      this.#owedPong = undefined;
    }
    for (let waiting = this.#waiting; waiting !== undefined && waiting.count > 0; waiting = this.#waiting) {
      if (this.#stream.writableNeedDrain) return;
      while (waiting.count > 0 && this.#batch.pendingBytes < STREAM_BYTES) this.#batch.add(waiting.take());
      this.#batch.flush();
    }
    this.#waiting = undefined;
  }

  #dropWaiting(): void {
    this.#waiting?.drop(this.#gone());
    this.#waiting = undefined;
  }

  /** The far side sends no more. */
  #end(): void {
    if (this.#state === 'open') this.#state = 'closing';
    this.#dropWaiting();
    this.#batch.flush();
    this.#stream.end();
    this.#cutLater();
  }

  #cutLater(): void {
    this.#cut ??= setTimeout(() => this.#stream.destroy(), CLOSE_MS);
  }

  #closed(): void {
    clearTimeout(this.#cut);
    this.#state = 'closed';
    this.#decoder.stop();
    this.#batch.discard();
    this.#dropWaiting();
    const { code, reason } = this.#farClose ?? { code: closeCodes.abnormal, reason: '' };
    this.#events.closed(this, code, reason);
  }

  #gone(): Fault {
    return new Fault('FAR_SIDE_GONE', { url: 'the far side' });
  }
}
