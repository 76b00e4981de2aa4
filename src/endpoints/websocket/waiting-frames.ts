import type { Fault } from '../../fault.ts';
import { Fifo } from '../../fifo.ts';

/** Told when a frame has left for the stream, or why it never will. */
export type Left = (fault?: Fault) => void;

interface Waiting {
  readonly frame: Buffer;
  readonly left: Left | undefined;
}

/** What each entry costs beside its frame: many small ones must count too. */
const ENTRY_BYTES = 64;

/** Frames a far side has no room for yet, oldest first. A broadcast's frame stands in many of them and is there once. */
export class WaitingFrames {
  readonly #frames = new Fifo<Waiting>();
  #bytes = 0;

  /** What waits, with what it costs to keep it. */
  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#frames.length;
  }

  add(frame: Buffer, left: Left | undefined): void {
    this.#frames.push({ frame, left });
    this.#bytes += frame.length + ENTRY_BYTES;
  }

  /** The oldest one, which leaves now. There must be one. */
  take(): Buffer {
    const { frame, left } = this.#shift();
    left?.();
    return frame;
  }

  /** Drops the oldest ones until so many bytes are free. Gives how many. */
  dropOldest(bytes: number, why: Fault): number {
    const before = this.count;
    const least = this.#bytes - bytes - ENTRY_BYTES;
    while (this.count > 0 && this.#bytes > least) this.#shift().left?.(why);
    return before - this.count;
  }

  drop(why: Fault): void {
    while (this.count > 0) this.#shift().left?.(why);
  }

  #shift(): Waiting {
    const waiting = this.#frames.shift()!;
    this.#bytes -= waiting.frame.length + ENTRY_BYTES;
    return waiting;
  }
}
