import { IntMap } from '../../int-map.ts';
import type { Http2Stream } from './stream.ts';

/** Closed streams that are remembered, to tell what comes late from what is wrong (RFC 9113, 5.1). */
const REMEMBERED = 128;

type HowClosed = 'by us' | 'whole';

/** The streams of one connection: those that are open, and how the last ones closed. */
export class Streams {
  readonly open = new IntMap<Http2Stream>();
  /** Of what the far side has opened so far; below it no stream is idle. */
  lastId = 0;
  /** The last ones that closed, a ring of both: what is remembered of each costs nothing but its place. */
  readonly #closed: number[] = [];
  readonly #hows: HowClosed[] = [];
  #newest = -1;

  get(id: number): Http2Stream | undefined {
    return this.open.get(id);
  }

  /** Undefined: long ago, or never. */
  howClosed(id: number): HowClosed | undefined {
    return this.#hows[this.#closed.indexOf(id)];
  }

  close(stream: Http2Stream, isWhole: boolean): void {
    this.open.delete(stream.id);
    this.remember(stream.id, 'whole');
    stream.over(isWhole);
  }

  /** What was on its way to a stream we have reset is left out. */
  remember(id: number, how: HowClosed): void {
    if (this.#closed[this.#newest] !== id) this.#newest = (this.#newest + 1) % REMEMBERED;
    this.#closed[this.#newest] = id;
    this.#hows[this.#newest] = how;
  }

  /** The connection is no more. */
  closeAll(): void {
    for (const stream of this.open.values()) stream.over(false);
    this.open.clear();
  }
}
