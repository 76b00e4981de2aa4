import type { CaseResult } from '../bench.ts';
import { parseChart } from '../../src/chart/parse/parse-chart.ts';
import { chartToFlow } from '../../src/chart/to-flow.ts';
import { median } from '../median.ts';
import { chartOf } from './chart-of.ts';

/** Ten times the boxes may take twenty times the time: what is worse than n log n shows. */
const GOAL = 0.5;

/** What parsing and turning into a flow costs as charts grow: there is no peer that does it, so a large one stands against a small one. */
export async function* growthCases(quick: boolean): AsyncIterable<CaseResult> {
  const rounds = quick ? 5 : 15;
  const parse = (text: string): Promise<unknown> => Promise.resolve(parseChart(text));
  yield await growth('parse, 10,000 boxes', parse, 10_000, rounds);
  yield await growth('parse and make a flow, 1,000 boxes', (text) => chartToFlow(text), 1000, quick ? 3 : 7);
}

async function growth(
  what: string,
  act: (text: string) => Promise<unknown>,
  boxes: number,
  rounds: number,
): Promise<CaseResult> {
  const [large, small] = [chartOf(boxes), chartOf(boxes / 10)];
  const figures: { large: number; small: number }[] = [];
  for (let round = -2; round < rounds; round += 1) {
    const measured = { small: await msOf(act, small, 10), large: await msOf(act, large, 1) };
    if (round >= 0) figures.push(measured);
  }
  const ratio = median(figures.map(({ large, small }) => small / large));
  return {
    case: what,
    ours: median(figures.map(({ large }) => large)),
    peer: median(figures.map(({ small }) => small)),
    peerName: `ten charts of ${(boxes / 10).toLocaleString('en')} boxes`,
    unit: 'ms',
    ratio,
    cpuRatio: Number.NaN,
    goal: GOAL,
    met: ratio >= GOAL,
  };
}

async function msOf(act: (text: string) => Promise<unknown>, text: string, times: number): Promise<number> {
  const start = performance.now();
  for (let time = 0; time < times; time += 1) await act(text);
  return performance.now() - start;
}
