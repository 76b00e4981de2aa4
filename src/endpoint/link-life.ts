import { Fault } from '../fault.ts';
import { backoff } from './backoff.ts';
import type { FilledLimits } from './limits.ts';
import type { LinkState } from './link-state.ts';

/** The states of one link and the pauses between its tries. The protocol says how to dial and when it is up or lost. */
export class LinkLife {
  readonly #url: string;
  readonly #limits: FilledLimits;
  readonly #dial: () => void;
  readonly #listeners = new Set<(state: LinkState) => void>();
  #state: LinkState = { name: 'connecting' };
  #pauses: Generator<number, never>;
  #retry: NodeJS.Timeout | undefined;

  /** Nothing is dialled before {@link start}. `dial` must not throw; it answers by {@link up} or {@link lost}. */
  constructor(url: string, limits: FilledLimits, dial: () => void) {
    this.#url = url;
    this.#limits = limits;
    this.#dial = dial;
    this.#pauses = this.#newPauses();
  }

  get state(): LinkState {
    return this.#state;
  }

  get closed(): boolean {
    return this.#state.name === 'closed';
  }

  start(): void {
    this.#dial();
  }

  up(): void {
    if (this.closed) return;
    this.#pauses = this.#newPauses();
    this.#enter({ name: 'up', since: Date.now() });
  }

  /** The connection is gone or did not come about: waits a pause, then dials again. */
  lost(cause: Error): void {
    if (this.closed || this.#state.name === 'waiting') return;
    const retryInMs = this.#pauses.next().value;
    this.#retry = setTimeout(() => {
      this.#enter({ name: 'connecting' });
      this.#dial();
    }, retryInMs);
    this.#enter({ name: 'waiting', retryInMs, cause });
  }

  /** True the first time; then nothing is dialled any more. */
  close(): boolean {
    if (this.closed) return false;
    clearTimeout(this.#retry);
    this.#enter({ name: 'closed' });
    this.#listeners.clear();
    return true;
  }

  onState(listener: (state: LinkState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when up; rejects with LINK_CLOSED or the signal's reason. */
  ready(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        stop();
        signal?.removeEventListener('abort', onAbort);
        act();
      };
      const onAbort = (): void => settle(() => reject(signal?.reason as Error));
      const look = (state: LinkState): void => {
        if (state.name === 'up') settle(resolve);
        if (state.name === 'closed') settle(() => reject(new Fault('LINK_CLOSED', { url: this.#url })));
      };
      const stop = this.onState(look);
      signal?.addEventListener('abort', onAbort, { once: true });
      if (signal?.aborted) onAbort();
      else look(this.#state);
    });
  }

  #enter(state: LinkState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }

  #newPauses(): Generator<number, never> {
    return backoff(this.#limits.reconnectFirstMs, this.#limits.reconnectLongestMs);
  }
}
