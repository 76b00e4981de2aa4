import type { Bench, CaseLine } from '../bench.ts';
import { median } from '../median.ts';
import { startOf, type Start, type StartSide } from './program.ts';

/** Chartwire starts the same Node-RED and a broker, a front door and a CA beside it: it may take this much longer. */
const GOAL = 0.5;

export const bench: Bench = {
  about: 'the start of Chartwire against that of Node-RED alone: time until the editor answers, processor time, memory',
  async *run({ quick }): AsyncIterable<CaseLine> {
    const starts: Record<StartSide, Start[]> = { chartwire: [], 'node-red': [] };
    for (let round = 0; round < (quick ? 2 : 5); round += 1) {
      for (const side of ['chartwire', 'node-red'] as const) starts[side].push(await startOf(side));
    }
    const line = (what: string, unit: string, figure: (start: Start) => number): CaseLine => {
      const ratio = median(starts.chartwire.map((ours, round) => figure(starts['node-red'][round]!) / figure(ours)));
      const cpuRatio = median(starts.chartwire.map((ours, round) => starts['node-red'][round]!.cpuMs / ours.cpuMs));
      const [ours, peer] = [median(starts.chartwire.map(figure)), median(starts['node-red'].map(figure))];
      const met = ratio >= GOAL;
      return { case: what, ours, peer, peerName: 'node-red alone', unit, ratio, cpuRatio, goal: GOAL, met };
    };
    yield line('first start, until the editor answers', 'ms', ({ readyMs }) => readyMs);
    yield line('memory after it', 'MB', ({ residentMb }) => residentMb);
  },
};
