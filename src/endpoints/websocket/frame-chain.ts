import type { Flushable, FlushQueue } from '../../wire/flush-queue.ts';
import { noteChunk } from '../../wire/young-garbage.ts';

/** More begin in one turn only when many far sides are slow, each in its own way. */
const MOST_BEGINNINGS = 16;

/**
 * Frames that leave for many far sides in one order, each link of the chain shared by all who are there: what a turn has
 * collected is joined once for all of them, and not copied for each.
 */
export class FrameChain {
  /** Of all frames so far. */
  readonly bytes: number;
  /** The last one. */
  readonly frame: Buffer;
  readonly #before: FrameChain | undefined;
  #after: FrameChain | undefined;
  #joined: Buffer | undefined;

  constructor(before: FrameChain | undefined, frame: Buffer) {
    this.#before = before;
    this.frame = frame;
    this.bytes = (before?.bytes ?? 0) + frame.length;
  }

  with(frame: Buffer): FrameChain {
    if (this.#after?.frame !== frame) this.#after = new FrameChain(this, frame);
    return this.#after;
  }

  /** All frames, in order. Nothing may be changed in it. */
  join(): Buffer {
    this.#joined ??= this.#before === undefined ? this.frame : FrameChain.#copyOf(this);
    return this.#joined;
  }

  static #copyOf(last: FrameChain): Buffer {
    const bytes = Buffer.allocUnsafeSlow(last.bytes);
    noteChunk(bytes);
    for (let link: FrameChain | undefined = last; link !== undefined; link = link.#before) {
      bytes.set(link.frame, link.bytes - link.frame.length);
    }
    return bytes;
  }
}

/**
 * The chains of a turn, by their first frame, so that who begins with the same shares what follows. There are several: a
 * broadcast goes to some as it is and to others compressed, and who was slow begins later than the rest.
 */
export class FrameChains implements Flushable {
  readonly #queue: FlushQueue;
  #beginnings: FrameChain[] = [];

  /** They are forgotten when the queue is flushed. */
  constructor(queue: FlushQueue) {
    this.#queue = queue;
  }

  begin(frame: Buffer): FrameChain {
    const beginnings = this.#beginnings;
    for (let index = beginnings.length - 1; index >= 0; index -= 1) {
      if (beginnings[index]!.frame === frame) return beginnings[index]!;
    }
    if (beginnings.length === 0) this.#queue.add(this);
    else if (beginnings.length === MOST_BEGINNINGS) beginnings.shift();
    const chain = new FrameChain(undefined, frame);
    beginnings.push(chain);
    return chain;
  }

  flush(): void {
    this.#beginnings = [];
  }
}
