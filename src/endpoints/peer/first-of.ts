/** One way to get there, and how long the ways before it are given before it is tried too, in ms. */
export interface Way<Result> {
  readonly afterMs: number;
  open(signal: AbortSignal): Promise<Result>;
}

/**
 * Tries the ways in their order, each after its wait or as soon as all before it have failed; the first that leads there
 * wins and the others are given up. `late` gets what comes of them all the same. Rejects with all reasons, in that order.
 */
export async function firstOf<Result>(
  ways: readonly Way<Result>[],
  signal: AbortSignal,
  late: (result: Result) => void,
): Promise<Result> {
  const rest = new AbortController();
  const any = AbortSignal.any([signal, rest.signal]);
  const errors: unknown[] = [];
  let won = false;
  try {
    return await new Promise<Result>((resolve, reject) => {
      const timers: NodeJS.Timeout[] = [];
      let begun = 0;
      const begin = (): void => {
        const index = begun;
        const way = ways[index];
        if (way === undefined || won) return;
        begun += 1;
        const next = ways[begun];
        if (next !== undefined) timers.push(setTimeout(() => begun === index + 1 && begin(), next.afterMs));
        way.open(any).then(
          (result) => {
            if (won) {
              late(result);
              return;
            }
            won = true;
            for (const timer of timers) clearTimeout(timer);
            resolve(result);
          },
          (error: unknown) => {
            errors[index] = error;
            const failed = Object.keys(errors).length;
            if (failed === ways.length || (signal.aborted && failed === begun)) {
              for (const timer of timers) clearTimeout(timer);
              reject(new AggregateError(errors.filter((one) => one !== undefined)));
            } else if (failed === begun) begin();
          },
        );
      };
      begin();
    });
  } finally {
    rest.abort(new Error('another way was quicker'));
  }
}
