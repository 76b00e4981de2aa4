import { isFault } from '../fault.ts';

/** So many sources are remembered; the rest are counted, and told about no more than these. */
const MAX_SOURCES = 1_000;

/** Counts what is refused, and tells the first time of each source: a flood in the log is an attack of its own. */
export class Refusals {
  total = 0;
  /** How often, by the code of the reason. */
  readonly byReason = new Map<string, number>();
  readonly #told = new Set<string>();
  readonly #tell: (source: string, reason: string) => void;

  constructor(tell: (source: string, reason: string) => void) {
    this.#tell = tell;
  }

  note(source: string, reason: unknown): void {
    const code = isFault(reason) ? reason.code : String(reason);
    this.total += 1;
    this.byReason.set(code, (this.byReason.get(code) ?? 0) + 1);
    if (this.#told.has(source) || this.#told.size >= MAX_SOURCES) return;
    this.#told.add(source);
    this.#tell(source, isFault(reason) ? reason.line : code);
  }
}
