/** The first frame that was begun with last, so that who begins with it too shares what follows. */
let latest: FrameChain | undefined;

/**
 * Frames that leave for many far sides in one order, each link of the chain shared by all who are there: what a turn has
 * collected is joined once for all of them, and not copied for each.
 */
export class FrameChain {
  /** Of all frames so far. */
  readonly bytes: number;
  readonly #before: FrameChain | undefined;
  readonly #frame: Buffer;
  #after: FrameChain | undefined;
  #joined: Buffer | undefined;

  private constructor(before: FrameChain | undefined, frame: Buffer) {
    this.#before = before;
    this.#frame = frame;
    this.bytes = (before?.bytes ?? 0) + frame.length;
  }

  static begin(frame: Buffer): FrameChain {
    if (latest === undefined || latest.#frame !== frame) latest = new FrameChain(undefined, frame);
    return latest;
  }

  with(frame: Buffer): FrameChain {
    if (this.#after === undefined || this.#after.#frame !== frame) this.#after = new FrameChain(this, frame);
    return this.#after;
  }

  /** All frames, in order. Nothing may be changed in it. */
  join(): Buffer {
    // The turn is over: nobody who begins from now on shares it, and it need not be kept.
    latest = undefined;
    this.#joined ??= this.#before === undefined ? this.#frame : FrameChain.#copyOf(this);
    return this.#joined;
  }

  static #copyOf(last: FrameChain): Buffer {
    const bytes = Buffer.allocUnsafeSlow(last.bytes);
    for (let link: FrameChain | undefined = last; link !== undefined; link = link.#before) {
      bytes.set(link.#frame, link.bytes - link.#frame.length);
    }
    return bytes;
  }
}
