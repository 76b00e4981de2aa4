import type { CaseResult } from '../bench.ts';

/** A time that has no peer, only a limit we hold ourselves to, both in ms. */
export function againstLimit(what: string, ms: number, limitMs: number): CaseResult {
  const ratio = limitMs / ms;
  return {
    case: what,
    ours: ms,
    peer: limitMs,
    peerName: 'the limit we set',
    unit: 'ms',
    ratio,
    cpuRatio: Number.NaN,
    goal: 1,
    met: ratio >= 1,
  };
}
