import { endOfTurn, type FlushQueue } from './flush-queue.ts';
import { Slabs, type Slab } from './slabs.ts';

/** Where the bytes go: a socket, or what looks like one. `done` is called when the chunk has left or never will. */
export interface WriteTarget {
  cork(): void;
  uncork(): void;
  write(chunk: Uint8Array, done?: () => void): unknown;
}

/** A batch starts small, for many receivers of one packet, and moves up as it grows. */
const tiny = new Slabs(512, 2048);
const small = new Slabs(4096, 256);
const large = new Slabs(65_536, 64);
/** From here on bytes are written where they lie instead of being copied. */
export const leastReferencedBytes = 16_384;
const mostPendingBytes = 524_288;
const nothing = Buffer.alloc(0);
const nowhere = (): void => undefined;

/** Collects the bytes of a turn in pooled buffers and gives them to the target in one write. Idle, it holds no buffer. */
export class WriteBatch {
  /** Where bytes are put, after `room`. */
  bytes: Buffer = nothing;
  at = 0;
  readonly #target: WriteTarget;
  readonly #queue: FlushQueue;
  #slab: Slab | undefined;
  #from = 0;
  #chunks: Uint8Array[] = [];
  #releases: (() => void)[] = [];
  #closedBytes = 0;
  #lastBytes = 0;
  #queued = false;
  #isPatient = false;

  constructor(target: WriteTarget, queue: FlushQueue = endOfTurn) {
    this.#target = target;
    this.#queue = queue;
  }

  /** Bytes that wait for the end of the turn. */
  get pendingBytes(): number {
    return this.#closedBytes + this.at - this.#from;
  }

  /**
   * Makes `size` bytes free at `at` in `bytes`. The caller moves `at` over what it puts there. `isPatient` where nobody
   * waits for them.
   */
  room(size: number, isPatient = false): void {
    if (!this.#queued || (this.#isPatient && !isPatient)) this.#enqueue(isPatient);
    if (this.bytes.length - this.at < size) this.#grow(size);
  }

  /**
   * Adds bytes that will not change any more, or not before `release` is called once: large ones and lonely ones where they
   * lie, others as a copy.
   */
  add(bytes: Uint8Array, release = nowhere): void {
    if (bytes.length < leastReferencedBytes && this.pendingBytes > 0) {
      this.room(bytes.length);
      this.bytes.set(bytes, this.at);
      this.at += bytes.length;
      release();
      return;
    }
    if (!this.#queued || this.#isPatient) this.#enqueue();
    if (this.at > this.#from) this.#push(this.bytes.subarray(this.#from, this.at), nowhere);
    this.#from = this.at;
    this.#push(bytes, release);
    if (this.#closedBytes > mostPendingBytes) this.flush();
  }

  /** Gives everything to the target now. */
  flush(): void {
    this.#queued = false;
    if (this.pendingBytes === 0) return;
    this.#lastBytes = this.at - this.#from;
    this.#retire();
    const chunks = this.#chunks;
    const releases = this.#releases;
    this.#chunks = [];
    this.#releases = [];
    this.#closedBytes = 0;
    if (chunks.length > 1) this.#target.cork();
    for (let index = 0; index < chunks.length; index += 1) this.#target.write(chunks[index]!, releases[index]);
    if (chunks.length > 1) this.#target.uncork();
  }

  /** Forgets everything that waits, for a target that takes no more. */
  discard(): void {
    this.#retire();
    for (const release of this.#releases) release();
    this.#chunks = [];
    this.#releases = [];
    this.#closedBytes = 0;
  }

  #enqueue(isPatient = false): void {
    this.#queued = true;
    this.#isPatient = isPatient;
    this.#queue.add(this, isPatient);
  }

  #grow(size: number): void {
    if (this.pendingBytes > mostPendingBytes) {
      this.flush();
      this.#enqueue();
    }
    const waiting = this.at - this.#from;
    if (this.#from > 0 || waiting + size > large.slabBytes) this.#retire();
    const lonely = this.#takeLonely();
    const kept = lonely?.bytes ?? this.bytes.subarray(this.#from, this.at);
    const slab = this.#slabFor(kept.length + size);
    slab.bytes.set(kept);
    lonely?.release();
    this.#slab?.release();
    this.#slab = slab;
    this.bytes = slab.bytes;
    this.at = kept.length;
  }

  /** The only bytes so far, when they wait where they lie and are small enough to be copied after all. */
  #takeLonely(): { bytes: Uint8Array; release: () => void } | undefined {
    if (this.#chunks.length !== 1 || this.#slab !== undefined || this.#closedBytes >= leastReferencedBytes)
      return undefined;
    this.#closedBytes = 0;
    return { bytes: this.#chunks.pop()!, release: this.#releases.pop()! };
  }

  #slabFor(size: number): Slab {
    const likely = Math.max(size, Math.min(this.#lastBytes, large.slabBytes));
    if (likely <= tiny.slabBytes) return tiny.take();
    if (likely <= small.slabBytes) return small.take();
    if (likely <= large.slabBytes) return large.take();
    return { bytes: Buffer.allocUnsafeSlow(size), release: nowhere };
  }

  /** Closes the slab: it is released with the last chunk that was written from it. */
  #retire(): void {
    const release = this.#slab?.release ?? nowhere;
    if (this.at > this.#from) this.#push(this.bytes.subarray(this.#from, this.at), release);
    else if (this.#from > 0) this.#releaseLast(release);
    else release();
    this.#dropSlab();
  }

  #releaseLast(slab: () => void): void {
    const last = this.#releases.length - 1;
    const own = this.#releases[last]!;
    this.#releases[last] = () => {
      own();
      slab();
    };
  }

  #push(bytes: Uint8Array, release: () => void): void {
    this.#chunks.push(bytes);
    this.#releases.push(release);
    this.#closedBytes += bytes.length;
  }

  #dropSlab(): void {
    this.#slab = undefined;
    this.bytes = nothing;
    this.#from = 0;
    this.at = 0;
  }
}
