import type { Chooser } from './chooser.ts';

/** The choosers at work in this process, by node id: where the optimizer finds the policy it may change. */
export class Choosers {
  readonly #choosers = new Map<string, Chooser>();

  add(id: string, chooser: Chooser): void {
    this.#choosers.set(id, chooser);
  }

  find(id: string): Chooser | undefined {
    return this.#choosers.get(id);
  }

  /** Removes it, unless a new one has taken the id. */
  remove(id: string, chooser: Chooser): void {
    if (this.#choosers.get(id) === chooser) this.#choosers.delete(id);
  }

  all(): ReadonlyMap<string, Chooser> {
    return this.#choosers;
  }
}
