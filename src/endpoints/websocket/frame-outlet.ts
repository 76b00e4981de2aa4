import type { Duplex } from 'node:stream';
import { Fault } from '../../fault.ts';
import {
  applyMask,
  deflateFor,
  frameOf,
  headerBytes,
  newMask,
  opcodes,
  writeHeader,
  type Deflate,
  type DeflateAgreement,
} from '../../wire/websocket/index.ts';
import { FlushQueue, type Flushable } from '../../wire/flush-queue.ts';
import { Slabs } from '../../wire/slabs.ts';
import { leastReferencedBytes, WriteBatch } from '../../wire/write-batch.ts';
import { noteChunk } from '../../wire/young-garbage.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import { FrameChains, type FrameChain } from './frame-chain.ts';
import type { Packed } from './packed.ts';
import { WaitingFrames, type Left } from './waiting-frames.ts';

/** What is collected in a turn before it is given to the stream; what that has no room for waits here, where it can be dropped. */
const STREAM_BYTES = 65_536;

/** For frames that are too large to be copied into a batch: they leave at once, and most have left when the next one comes. */
const largeFrames = new Slabs(32_768, 64);

/** Frames of all connections leave after all sockets that are readable now were read: messages that pass through a flow share a write. The first after a pause leaves at once. */
const turns = new FlushQueue('adaptive');
const chains = new FrameChains(turns);

export interface OutletEvents {
  dropped(count: number): void;
  /** The far side takes less than it is sent, and that is not what it may do. */
  overflown(): void;
}

/** The frames of one connection on their way out: those of a turn in one write, and what the stream has no room for within its limit. */
export class FrameOutlet implements Flushable {
  readonly #stream: Duplex;
  readonly #settings: ConnectionSettings;
  readonly #events: OutletEvents;
  readonly #batch: WriteBatch;
  readonly #deflate: Deflate | undefined;
  /** What goes to many, while nothing else was collected in this turn. */
  #chain: FrameChain | undefined;
  #waiting: WaitingFrames | undefined;
  /** The newest ping while what we send waits: older ones need no answer (RFC 6455, 5.5.3). */
  #owedPong: Buffer | undefined;

  constructor(
    stream: Duplex,
    settings: ConnectionSettings,
    agreement: DeflateAgreement | undefined,
    events: OutletEvents,
  ) {
    this.#stream = stream;
    this.#settings = settings;
    this.#events = events;
    this.#deflate = agreement && deflateFor(agreement.ownWindowBits);
    this.#batch = new WriteBatch(stream, turns);
    stream.on('drain', () => this.#pump());
  }

  /** Bytes that wait here and in the stream. */
  get bufferedBytes(): number {
    return this.#pendingBytes + this.#stream.writableLength + (this.#waiting?.bytes ?? 0);
  }

  /** The far side takes less than it is sent. */
  get isBlocked(): boolean {
    return this.#waiting !== undefined && this.#waiting.bytes > 0;
  }

  /** True: it leaves at the end of the turn. False: `left` tells when it has left, or why it never will. */
  send(packed: Packed, left?: Left): boolean {
    const { server, compressFromBytes } = this.#settings;
    const deflate = packed.sizeBytes >= compressFromBytes ? this.#deflate : undefined;
    if (this.#isFull()) return this.#wait(packed.frame(server, deflate), left);
    if (server && packed.isShared) this.#share(packed.frame(server, deflate));
    else if (deflate === undefined) this.#write(packed);
    else this.#add(packed.frame(server, deflate));
    return true;
  }

  ping(): void {
    this.#add(this.#control(opcodes.ping, Buffer.alloc(0)));
  }

  pong(payload: Buffer): void {
    if (this.#isFull()) this.#owedPong = Buffer.from(payload);
    else this.#add(this.#control(opcodes.pong, payload));
  }

  /** The last frame: it leaves now, and what waits is dropped. */
  last(frame: Buffer): void {
    this.dropWaiting();
    this.#add(frame);
    this.#batch.flush();
  }

  /** What was collected leaves now. */
  flush(): void {
    const chain = this.#chain;
    this.#chain = undefined;
    if (chain === undefined) this.#batch.flush();
    else this.#stream.write(chain.join());
  }

  dropWaiting(): void {
    this.#waiting?.drop(gone());
    this.#waiting = undefined;
    this.#owedPong = undefined;
  }

  /** The stream is gone. */
  discard(): void {
    this.#chain = undefined;
    this.#batch.discard();
    this.dropWaiting();
  }

  get #pendingBytes(): number {
    return this.#batch.pendingBytes + (this.#chain?.bytes ?? 0);
  }

  #share(frame: Buffer): void {
    if (this.#chain !== undefined) this.#chain = this.#chain.with(frame);
    else if (this.#batch.pendingBytes > 0) this.#batch.add(frame);
    else {
      this.#chain = chains.begin(frame);
      turns.add(this);
    }
  }

  /** Adds what only this far side gets, after what all get. */
  #add(frame: Buffer): void {
    this.#leaveChain();
    this.#batch.add(frame);
  }

  #leaveChain(): void {
    if (this.#chain === undefined) return;
    this.#batch.add(this.#chain.join());
    this.#chain = undefined;
  }

  /** Keeps it until the stream takes more, within the limit. */
  #wait(frame: Buffer, left: Left | undefined): boolean {
    const { maxBufferedBytes, overflow } = this.#settings;
    const waiting = (this.#waiting ??= new WaitingFrames());
    if (waiting.bytes + frame.length <= maxBufferedBytes) {
      waiting.add(frame, left);
      return false;
    }
    const full = new Fault('FAR_SIDE_SLOW', { limitBytes: maxBufferedBytes });
    if (overflow === 'disconnect') {
      left?.(full);
      this.#events.dropped(waiting.count + 1);
      this.#events.overflown();
    } else if (overflow === 'dropNewest' || frame.length > maxBufferedBytes) {
      left?.(full);
      this.#events.dropped(1);
    } else {
      this.#events.dropped(waiting.dropOldest(frame.length - (maxBufferedBytes - waiting.bytes), full));
      waiting.add(frame, left);
    }
    return false;
  }

  #isFull(): boolean {
    if (this.isBlocked) return true;
    if (this.#pendingBytes >= STREAM_BYTES) this.flush();
    return this.#stream.writableNeedDrain;
  }

  /** Straight into the bytes of this turn: nothing is made for a message that goes to one, unless it is large. */
  #write(packed: Packed): void {
    const total = headerBytes(packed.sizeBytes, !this.#settings.server) + packed.sizeBytes;
    const batch = this.#batch;
    this.#leaveChain();
    if (total < leastReferencedBytes) {
      batch.room(total);
      batch.at = this.#put(packed, batch.bytes, batch.at);
      return;
    }
    if (total > largeFrames.slabBytes) {
      const frame = Buffer.allocUnsafeSlow(total);
      noteChunk(frame);
      this.#put(packed, frame, 0);
      batch.add(frame);
    } else {
      const { bytes, release } = largeFrames.take();
      this.#put(packed, bytes, 0);
      batch.add(bytes.subarray(0, total), release);
    }
    // To wait for company would save it nothing. Those of a thousand far sides would outlive the collection of young objects
    // meanwhile, and what has grown old outside V8's heap has all of that marked.
    batch.flush();
  }

  /** The frame at that place; gives where it ends. */
  #put(packed: Packed, bytes: Buffer, at: number): number {
    const masked = !this.#settings.server;
    const mask = masked ? newMask() : 0;
    const start = writeHeader(bytes, at, packed.sizeBytes, { opcode: packed.opcode, masked }, mask);
    const end = start + packed.sizeBytes;
    packed.writeTo(bytes, start);
    if (masked) applyMask(bytes, start, end, mask);
    return end;
  }

  #control(opcode: number, payload: Uint8Array): Buffer {
    return frameOf(payload, { opcode, masked: !this.#settings.server });
  }

  /** The stream takes more. */
  #pump(): void {
    if (this.#owedPong !== undefined) {
      this.#add(this.#control(opcodes.pong, this.#owedPong));
      this.#owedPong = undefined;
    }
    for (let waiting = this.#waiting; waiting !== undefined && waiting.count > 0; waiting = this.#waiting) {
      if (this.#stream.writableNeedDrain) return;
      while (waiting.count > 0 && this.#batch.pendingBytes < STREAM_BYTES) this.#batch.add(waiting.take());
      this.#batch.flush();
    }
    this.#waiting = undefined;
  }
}

/** Nothing that waits can leave any more. */
export function gone(): Fault {
  return new Fault('FAR_SIDE_GONE', { url: 'the far side' });
}
