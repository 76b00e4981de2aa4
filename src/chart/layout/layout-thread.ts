import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { LayoutAnswer, LayoutQuestion } from './plan.ts';

/** Runs from the sources and from the build; the compiler does not rewrite file names in URLs. */
const workerFile = import.meta.url.endsWith('.ts')
  ? new URL('./worker.ts', import.meta.url)
  : new URL('./worker.js', import.meta.url);

/** ELK takes ten times as long in a new thread; so long one is kept for the next chart, in ms. */
const RESTS_FOR_MS = 60_000;

/** A thread with ELK in it: answers one question at a time. */
export class LayoutThread {
  readonly #worker = new Worker(workerFile);
  #timer: NodeJS.Timeout | undefined;
  #onEnd: (() => void) | undefined;

  constructor() {
    // One that ends while it rests must not be found any more; nor does its failure then concern anybody.
    this.#worker.on('exit', () => this.#gone());
    this.#worker.on('error', () => this.#gone());
  }

  /** Resolves with its answer. When it fails, and when the signal aborts, the thread is ended first. */
  async ask(question: LayoutQuestion, signal?: AbortSignal): Promise<LayoutAnswer> {
    clearTimeout(this.#timer);
    this.#onEnd = undefined;
    this.#worker.ref();
    try {
      const answered = once(this.#worker, 'message', signal && { signal });
      this.#worker.postMessage(question, []);
      const [answer]: LayoutAnswer[] = await answered;
      if (answer === undefined) throw new Error('the thread of the layout answered nothing');
      return answer;
    } catch (error) {
      await this.#worker.terminate();
      throw error;
    }
  }

  /** Waits for the next question, keeping no process from its end; `onEnd` is called when it waits no longer. */
  rest(onEnd: () => void): void {
    this.#onEnd = onEnd;
    this.#worker.unref();
    this.#timer = setTimeout(() => this.end(), RESTS_FOR_MS).unref();
  }

  end(): void {
    this.#gone();
    void this.#worker.terminate();
  }

  #gone(): void {
    clearTimeout(this.#timer);
    this.#onEnd?.();
    this.#onEnd = undefined;
  }
}
