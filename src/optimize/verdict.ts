import { measures, type Figures, type Measure } from './figures.ts';
import { measureText } from './measure-text.ts';
import type { Proposal } from './propose.ts';

export interface Verdict {
  readonly keep: boolean;
  /** A sentence with figures before and after. */
  readonly because: string;
}

/** The measure aimed at must get better by this share. */
const ENOUGH_BETTER = 0.05;
/** No other may get worse by this share, small changes aside. */
const TOO_MUCH_WORSE = 0.2;
const noise: Readonly<Record<Measure, number>> = { p50Ms: 0.5, p99Ms: 1, lossRatio: 0.002, bytesPerMessage: 8 };

/** Whether a change did what it was for, and harmed nothing else. */
export function judgeChange({ expected: { measure } }: Proposal, before: Figures, after: Figures): Verdict {
  const change = (measure: Measure) =>
    `${measureText(measure, before[measure])} before, ${measureText(measure, after[measure])} after`;
  if (after[measure] > before[measure] * (1 - ENOUGH_BETTER))
    return { keep: false, because: `no better: ${change(measure)}` };
  const harmed = measures.find(
    (other) =>
      other !== measure && after[other] - before[other] > Math.max(noise[other], before[other] * TOO_MUCH_WORSE),
  );
  if (harmed !== undefined) return { keep: false, because: `${change(measure)}, but ${change(harmed)}` };
  return { keep: true, because: `better: ${change(measure)}` };
}
