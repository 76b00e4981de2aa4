/** Counts what was refused, and tells each kind of it once for each source, so that a flood fills no log. */
export class ToldSources {
  readonly #tell: (line: string) => void;
  readonly #told = new Set<string>();
  readonly counts = new Map<string, number>();

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  /** `line` says more than its kind, where there is more to say. */
  count(kind: string, source: string, line = kind): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    const key = `${kind} ${source}`;
    if (this.#told.has(key)) return;
    // Sources without end must not fill the memory either; then some are told again.
    if (this.#told.size >= MOST_SOURCES) this.#told.clear();
    this.#told.add(key);
    this.#tell(`${source}: ${line}`);
  }
}

const MOST_SOURCES = 1_000;
