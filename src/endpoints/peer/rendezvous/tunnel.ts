import { Duplex } from 'node:stream';
import { MAX_BODY_BYTES } from './frames.ts';

/** Bytes each side of a tunnel may send before the other has asked for more. */
export const TUNNEL_WINDOW_BYTES = 524_288;

export interface TunnelWays {
  data(bytes: Buffer): void;
  credit(bytes: number): void;
  end(): void;
}

/** One side of a tunnel through a rendezvous: a stream that sends no more than the far side has room for. */
export class Tunnel extends Duplex {
  readonly #ways: TunnelWays;
  #maySend = TUNNEL_WINDOW_BYTES;
  #farMaySend = TUNNEL_WINDOW_BYTES;
  #owed = 0;
  #resume: (() => void) | undefined;
  #endedThere = false;

  constructor(ways: TunnelWays) {
    super({ allowHalfOpen: false });
    this.#ways = ways;
  }

  /** Bytes from the far side. */
  arrive(bytes: Buffer): void {
    if (this.destroyed) return;
    this.#farMaySend -= bytes.length;
    if (this.#farMaySend < 0) {
      this.destroy(new Error('it sent more than was agreed'));
      return;
    }
    this.#owed += bytes.length;
    if (this.push(bytes)) this.#grant();
  }

  /** The far side has room for so many more. */
  allow(bytes: number): void {
    this.#maySend = Math.min(TUNNEL_WINDOW_BYTES, this.#maySend + bytes);
    const resume = this.#resume;
    this.#resume = undefined;
    resume?.();
  }

  /** The far side, or the rendezvous, has ended it. */
  endThere(): void {
    this.#endedThere = true;
    this.push(null);
    this.destroy();
  }

  override _read(): void {
    this.#grant();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    let at = 0;
    const go = (): void => {
      while (at < chunk.length && this.#maySend > 0) {
        const end = Math.min(chunk.length, at + MAX_BODY_BYTES, at + this.#maySend);
        this.#maySend -= end - at;
        this.#ways.data(chunk.subarray(at, end));
        at = end;
      }
      if (at < chunk.length) this.#resume = go;
      else done();
    };
    go();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#resume = undefined;
    if (!this.#endedThere) this.#ways.end();
    done(error);
  }

  #grant(): void {
    if (this.#owed < TUNNEL_WINDOW_BYTES / 4) return;
    this.#farMaySend += this.#owed;
    this.#ways.credit(this.#owed);
    this.#owed = 0;
  }
}
