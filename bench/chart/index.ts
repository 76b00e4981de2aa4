import type { Bench, CaseResult } from '../bench.ts';
import { parseChart } from '../../src/chart/parse/parse-chart.ts';
import { chartToFlow } from '../../src/chart/to-flow.ts';
import { median } from '../median.ts';

const BOXES_IN_ROW = 50;
/** Ten times the boxes may take twenty times the time: what is worse than n log n shows. */
const GOAL = 0.5;

/** There is no peer that makes flows of charts, so a large chart is measured against a small one. */
export const bench: Bench = {
  about: 'charts: what parsing and turning into a flow costs as they grow',
  async *run({ quick }): AsyncIterable<CaseResult> {
    const rounds = quick ? 5 : 15;
    const parse = (text: string): Promise<unknown> => Promise.resolve(parseChart(text));
    yield await growth('parse, 10,000 boxes', parse, 10_000, rounds);
    yield await growth('parse and make a flow, 1,000 boxes', (text) => chartToFlow(text), 1000, quick ? 3 : 7);
  },
};

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

/** Rows of boxes, each joined to the next one and now and then to one of the row before. */
function chartOf(boxes: number): string {
  const lines = Array.from({ length: boxes }, (_, box) => {
    const shape = box % 7 === 3 ? `b${box}{Decide ${box}}` : `b${box}["Step ${box}"]`;
    if (box === 0) return `  ${shape}`;
    const from = box % BOXES_IN_ROW === 0 ? box - BOXES_IN_ROW : box - 1;
    return `  b${from} -->|to ${box}| ${shape}`;
  });
  return ['flowchart TD', ...lines, ''].join('\n');
}
