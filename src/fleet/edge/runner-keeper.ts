import { setTimeout as sleep } from 'node:timers/promises';
import { errorLine } from '../../fault.ts';
import type { Log, RunnerProcess } from './runner-process.ts';

export interface KeeperOptions {
  readonly start: (signal: AbortSignal) => Promise<RunnerProcess>;
  /** Puts a new runner to work: the committed release, before anybody else uses it. */
  readonly restore: (runner: RunnerProcess) => Promise<void>;
  readonly ended: (reason: string) => void;
  readonly log: Log;
}

/** After the second failure in a row; the first is answered at once. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** A runner that lived this long was well. */
const WELL_AFTER_MS = 60_000;

/** Sees to it that there is a runner: starts the next one when one ends, waiting longer each time. */
export class RunnerKeeper implements AsyncDisposable {
  readonly #options: KeeperOptions;
  readonly #closing = new AbortController();
  readonly #life: Promise<void>;
  #ready = Promise.withResolvers<RunnerProcess>();
  #current: RunnerProcess | undefined;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#life = this.#live();
  }

  /** The runner that lives now, if any. */
  get current(): RunnerProcess | undefined {
    return this.#current;
  }

  /** Resolves with a runner that was put to work; waits for the next one while there is none. */
  ready(signal: AbortSignal): Promise<RunnerProcess> {
    const stopped = Promise.withResolvers<never>();
    const stop = (): void => stopped.reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    return Promise.race([this.#ready.promise, stopped.promise]).finally(() =>
      signal.removeEventListener('abort', stop),
    );
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#life;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #live(): Promise<void> {
    const { signal } = this.#closing;
    let pauseMs = 0;
    while (!signal.aborted) {
      const since = Date.now();
      const reason = await this.#runOnce(signal);
      if (signal.aborted) return;
      this.#options.log('error', reason);
      this.#options.ended(reason);
      if (Date.now() - since > WELL_AFTER_MS) pauseMs = 0;
      await sleep(pauseMs, undefined, { signal }).catch(() => {});
      pauseMs = Math.min(Math.max(pauseMs * 2, FIRST_PAUSE_MS), LONGEST_PAUSE_MS);
    }
  }

  async #runOnce(signal: AbortSignal): Promise<string> {
    try {
      const runner = await this.#options.start(signal);
      this.#current = runner;
      await this.#options.restore(runner);
      this.#ready.resolve(runner);
      return await runner.ended;
    } catch (error) {
      await this.#current?.kill();
      return errorLine(error);
    } finally {
      this.#current = undefined;
      this.#ready = Promise.withResolvers<RunnerProcess>();
    }
  }
}
