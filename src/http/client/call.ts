import { Fault } from '../../fault.ts';
import { Deadline } from './deadline.ts';
import { Ending } from './ending.ts';
import { shownUrl } from './exchange.ts';
import type { HttpRequest, Redirect } from './request.ts';

/** One request from its start to the end of its response: ended by its time limit, by who asked, or by the client. */
export class Call {
  readonly request: HttpRequest;
  readonly redirects: Redirect[] = [];
  retries = 0;
  readonly ending = new Ending();
  readonly #deadline: Deadline | undefined;
  readonly #onOver: () => void;

  constructor(request: HttpRequest, onOver: () => void) {
    const { timeoutMs } = request;
    this.request = request;
    this.#onOver = onOver;
    if (timeoutMs !== undefined) this.#deadline = new Deadline(timeoutMs, () => this.#tooLate(timeoutMs));
  }

  /** Nothing is waited for any more. */
  over(): void {
    this.#deadline?.stop();
    this.#onOver();
  }

  #tooLate(afterMs: number): void {
    const url = shownUrl(this.request.url);
    this.ending.end(new Fault('REQUEST_TIMED_OUT', { url, waitedFor: 'complete response', afterMs }));
  }
}
