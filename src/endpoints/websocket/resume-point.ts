import type { IncomingHttpHeaders } from 'node:http2';
import { LAST_ID_HEADER, RUN_HEADER } from './traits.ts';

/** Run of the far side and number of its last message taken: what it is told when a link comes back, to send what was missed. */
export class ResumePoint {
  #run: string | undefined;
  #lastId: number | undefined;

  /** Headers to connect with. */
  get headers(): Record<string, string> {
    if (this.#run === undefined || this.#lastId === undefined) return {};
    return { [LAST_ID_HEADER]: `${this.#run}-${this.#lastId}` };
  }

  /** What the far side answered: numbers of another run are forgotten. */
  answered(headers: IncomingHttpHeaders): void {
    const run = headers[RUN_HEADER];
    if (run !== this.#run) this.#lastId = undefined;
    this.#run = typeof run === 'string' ? run : undefined;
  }

  took(id: number): void {
    this.#lastId = id;
  }
}
