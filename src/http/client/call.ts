import { Fault } from '../../fault.ts';
import { shownUrl } from './exchange.ts';
import type { HttpRequest, Redirect } from './request.ts';

/** One request from its start to the end of its response: ended by its time limit, by who asked, or by the client. */
export class Call {
  readonly request: HttpRequest;
  readonly redirects: Redirect[] = [];
  retries = 0;
  readonly #end = new AbortController();
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #onAbort = (): void => this.abort(this.request.signal.reason as Error);
  readonly #onOver: () => void;

  constructor(request: HttpRequest, onOver: () => void) {
    const { url, timeoutMs: afterMs, signal } = request;
    this.request = request;
    this.#onOver = onOver;
    if (afterMs !== undefined) {
      const tooLate = { url: shownUrl(url), waitedFor: 'complete response', afterMs };
      this.#timer = setTimeout(() => this.abort(new Fault('REQUEST_TIMED_OUT', tooLate)), afterMs);
    }
    signal.addEventListener('abort', this.#onAbort, { once: true });
    if (signal.aborted) this.#onAbort();
  }

  get signal(): AbortSignal {
    return this.#end.signal;
  }

  abort(reason: Error): void {
    this.#end.abort(reason);
  }

  /** Nothing is waited for any more. */
  over(): void {
    clearTimeout(this.#timer);
    this.request.signal.removeEventListener('abort', this.#onAbort);
    this.#onOver();
  }
}
