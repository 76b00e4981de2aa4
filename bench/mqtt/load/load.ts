import { startChild } from '../../child.ts';
import type { Question } from './questions.ts';
import type { Slice } from './traffic.ts';

/** The load generator: a process of its own, whose processor time is nobody's. */
export interface Load extends AsyncDisposable {
  ask(question: Question): Promise<unknown>;
  /** So much traffic at full speed, or `perSecond`. */
  run(key: string, forMs: number, perSecond?: number): Promise<Slice>;
}

export function startLoad(): Load {
  const child = startChild(new URL('./load-process.ts', import.meta.url));
  const ask = (question: Question): Promise<unknown> => child.ask(question);
  return {
    ask,
    run: async (key, forMs, perSecond) =>
      (await ask({ do: 'run', key, forMs, ...(perSecond !== undefined && { perSecond }) })) as Slice,
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
