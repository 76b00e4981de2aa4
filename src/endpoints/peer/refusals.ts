/** Sources whose first refusal is remembered as told. */
const MAX_SOURCES = 1_000;

/** Told once for each source: who it was, as far as that is known, and what was wrong. */
export type RefusalListener = (source: string, problem: string) => void;

/** Counts what was refused, and tells it once for each source. Forgets the oldest of {@link MAX_SOURCES}. */
export class Refusals {
  readonly #told = new Set<string>();
  readonly #onRefusal: RefusalListener | undefined;
  #count = 0;

  constructor(onRefusal?: RefusalListener) {
    this.#onRefusal = onRefusal;
  }

  get count(): number {
    return this.#count;
  }

  add(source: string, problem: string): void {
    this.#count += 1;
    if (this.#told.has(source)) return;
    if (this.#told.size >= MAX_SOURCES) this.#told.delete(this.#told.values().next().value!);
    this.#told.add(source);
    this.#onRefusal?.(source, problem);
  }
}
