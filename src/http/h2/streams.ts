import type { Http2Stream } from './stream.ts';

/** Closed streams that are remembered, to tell what comes late from what is wrong (RFC 9113, 5.1). */
const REMEMBERED = 128;

/** The streams of one connection: those that are open, and how the last ones closed. */
export class Streams {
  readonly open = new Map<number, Http2Stream>();
  /** Of what the far side has opened so far; below it no stream is idle. */
  lastId = 0;
  readonly #closed = new Map<number, 'by us' | 'whole'>();

  get(id: number): Http2Stream | undefined {
    return this.open.get(id);
  }

  /** Undefined: long ago, or never. */
  howClosed(id: number): 'by us' | 'whole' | undefined {
    return this.#closed.get(id);
  }

  close(stream: Http2Stream, isWhole: boolean): void {
    this.open.delete(stream.id);
    this.remember(stream.id, 'whole');
    stream.over(isWhole);
  }

  /** What was on its way to a stream we have reset is left out. */
  remember(id: number, how: 'by us' | 'whole'): void {
    this.#closed.set(id, how);
    if (this.#closed.size <= REMEMBERED) return;
    const [oldest] = this.#closed.keys();
    this.#closed.delete(oldest!);
  }

  /** The connection is no more. */
  closeAll(): void {
    for (const stream of this.open.values()) stream.over(false);
    this.open.clear();
  }
}
