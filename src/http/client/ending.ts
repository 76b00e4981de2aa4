/** Why something ends early, and who is told when it does: what an AbortSignal is, without an EventTarget for each request. */
export class Ending {
  #reason: Error | undefined;
  readonly #acts: (() => void)[] = [];

  /** Undefined: it goes on. */
  get reason(): Error | undefined {
    return this.#reason;
  }

  end(reason: Error): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    for (const act of this.#acts.splice(0)) act();
  }

  throwIfEnded(): void {
    if (this.#reason !== undefined) throw this.#reason;
  }

  /** Calls it when it ends, unless {@link forget} comes first; at once when it has ended. */
  onEnd(act: () => void): void {
    if (this.#reason === undefined) this.#acts.push(act);
    else act();
  }

  forget(act: () => void): void {
    const at = this.#acts.indexOf(act);
    if (at !== -1) this.#acts.splice(at, 1);
  }
}

/** Waits so long. Rejects with the reason of an end that comes first. */
export function pause(ms: number, ending: Ending): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const onEnd = (): void => reject(ending.reason);
  ending.onEnd(onEnd);
  return promise.finally(() => {
    clearTimeout(timer);
    ending.forget(onEnd);
  });
}
