import { Fault } from '../../fault.ts';
import type { Ending } from './ending.ts';

/** Lets a limited number through at once; a limited number of others wait for their turn, in order. */
export class Gate {
  readonly #name: string;
  readonly #maxWaiting: number;
  readonly #waiting = new Set<() => void>();
  #limit: number;
  #inside = 0;

  constructor(name: string, limit: number, maxWaiting: number) {
    this.#name = name;
    this.#limit = limit;
    this.#maxWaiting = maxWaiting;
  }

  get inside(): number {
    return this.#inside;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** A far side may take fewer than we would send. */
  set limit(limit: number) {
    this.#limit = Math.max(1, limit);
    this.#letIn();
  }

  /**
   * Nothing when there is room, else what to wait for. Who was let in calls {@link leave}. Throws QUEUE_FULL; rejects with
   * the ending's reason.
   */
  enter(ending: Ending): Promise<void> | undefined {
    if (this.#inside < this.#limit && this.#waiting.size === 0) {
      this.#inside += 1;
      return undefined;
    }
    if (this.#waiting.size >= this.#maxWaiting) {
      throw new Fault('QUEUE_FULL', { queue: `the queue for ${this.#name}`, limit: this.#maxWaiting });
    }
    return new Promise((resolve, reject) => {
      const go = (): void => {
        ending.forget(giveUp);
        resolve();
      };
      const giveUp = (): void => {
        this.#waiting.delete(go);
        reject(ending.reason);
      };
      this.#waiting.add(go);
      ending.onEnd(giveUp);
    });
  }

  leave(): void {
    this.#inside -= 1;
    this.#letIn();
  }

  #letIn(): void {
    for (const go of this.#waiting) {
      if (this.#inside >= this.#limit) return;
      this.#waiting.delete(go);
      this.#inside += 1;
      go();
    }
  }
}
