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

/** At most one status a second leaves a node: the editor is no place for every message. */
const SHORTEST_PAUSE_MS = 1000;

/** Writes a node's status; the newest text wins, changes of tone are told at once. */
export class StatusWriter {
  readonly #node: Node;
  #shown = '';
  #tone: Tone | undefined;
  #writtenAt = -Infinity;
  #later: NodeJS.Timeout | undefined;

  constructor(node: Node) {
    this.#node = node;
  }

  show(tone: Tone, text: string): void {
    clearTimeout(this.#later);
    this.#later = undefined;
    const pause = this.#writtenAt + SHORTEST_PAUSE_MS - performance.now();
    if (pause <= 0 || tone !== this.#tone) this.#write(tone, text);
    else this.#later = setTimeout(() => this.#write(tone, text), pause).unref();
  }

  close(): void {
    clearTimeout(this.#later);
  }

  #write(tone: Tone, text: string): void {
    const shown = `${tone} ${text}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#tone = tone;
    this.#writtenAt = performance.now();
    this.#node.status({ ...LOOK[tone], text });
  }
}
