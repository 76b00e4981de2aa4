import type { Chooser } from './chooser.ts';

/** A choose node at work. */
export interface ChooserAtWork {
  readonly chooser: Chooser;
  /** Ids of the nodes behind its outputs: whose meters tell how its branches do. */
  readonly branchNodes: ReadonlySet<string>;
}

/** The choosers of this process, by node id: where the optimizer finds the policy it may change. */
export class Choosers {
  readonly #atWork = new Map<string, ChooserAtWork>();

  /** Adds it until the signal fires; a node that starts again takes the place of its former self. */
  add(id: string, atWork: ChooserAtWork, signal: AbortSignal): void {
    this.#atWork.set(id, atWork);
    signal.addEventListener('abort', () => {
      if (this.#atWork.get(id) === atWork) this.#atWork.delete(id);
    });
  }

  /** The one with this id; without an id, the only one there is. */
  find(id: string): ChooserAtWork | undefined {
    if (id !== '') return this.#atWork.get(id);
    const [only, ...others] = this.#atWork.values();
    return others.length === 0 ? only : undefined;
  }
}
