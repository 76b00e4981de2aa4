import type { Node } from 'node-red';

/** The only words of state a node shows, so that all nodes look alike on the canvas. */
export type Tone = 'up' | 'busy' | 'waiting' | 'wrong' | 'idle';

const LOOK = {
  up: { fill: 'green', shape: 'dot' },
  busy: { fill: 'blue', shape: 'dot' },
  waiting: { fill: 'yellow', shape: 'ring' },
  wrong: { fill: 'red', shape: 'ring' },
  idle: { fill: 'grey', shape: 'ring' },
} as const;

export type StatusText = string | (() => string);

/** At most one status a second leaves a node: the editor is no place for every message. */
const SHORTEST_PAUSE_MS = 1000;

/** Writes a node's status; the newest text wins, changes of tone are told at once. */
export class StatusWriter {
  readonly #node: Node;
  #shown = '';
  #tone: Tone | undefined;
  #text: StatusText = '';
  #writtenAt = -Infinity;
  #later: NodeJS.Timeout | undefined;

  constructor(node: Node) {
    this.#node = node;
  }

  /** A text that changes with every message is better given as a function: it is called when it is shown. */
  show(tone: Tone, text: StatusText): void {
    this.#text = text;
    if (this.#later !== undefined && tone === this.#tone) return;
    clearTimeout(this.#later);
    this.#later = undefined;
    const pause = this.#writtenAt + SHORTEST_PAUSE_MS - performance.now();
    if (pause <= 0 || tone !== this.#tone) this.#write(tone);
    else this.#later = setTimeout(() => this.#write(tone), pause).unref();
  }

  close(): void {
    clearTimeout(this.#later);
  }

  #write(tone: Tone): void {
    this.#later = undefined;
    this.#tone = tone;
    const text = typeof this.#text === 'string' ? this.#text : this.#text();
    const shown = `${tone} ${text}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#writtenAt = performance.now();
    this.#node.status({ ...LOOK[tone], text });
  }
}
