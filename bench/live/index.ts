import type { Bench, CaseResult } from '../bench.ts';
import { startChild, type Child } from '../child.ts';
import { median } from '../median.ts';
import { flows } from '../path/flows.ts';
import type { FlowQuestion, FlowSlice } from '../path/flow-question.ts';

interface Case {
  readonly what: string;
  readonly flow: readonly object[];
  readonly fused: boolean;
}

const cases: readonly Case[] = [
  { what: '10 passing, fused', flow: flows.passing.ours, fused: true },
  { what: '10 passing, wired', flow: flows.passing.ours, fused: false },
  { what: 'json-route-set, fused', flow: flows.decide.ours, fused: true },
  { what: '10 core nodes', flow: flows.passing.core, fused: false },
];

/** Looking may cost 3 % at most. */
const GOAL = 0.97;
const PAYLOAD = JSON.stringify({ sensor: 'room-17', temperature: 24.5, humidity: 41, at: 1_700_000_000_000, ok: true });

export const bench: Bench = {
  about: 'what the live figures cost: the same flow in the same process while somebody looks, against nobody looking',
  async *run({ quick }): AsyncIterable<CaseResult> {
    const rounds = quick ? { count: 4, sliceMs: 800 } : { count: 21, sliceMs: 2000 };
    for (const { what, flow, fused } of cases) {
      const figures = await compare({ start: { flow, fused } }, rounds);
      yield {
        case: what,
        ...figures,
        peerName: 'not looked at',
        unit: 'msg/CPU s',
        goal: GOAL,
        met: figures.ratio >= GOAL,
      };
    }
  },
};

type Figures = Pick<CaseResult, 'ours' | 'peer' | 'ratio' | 'cpuRatio'>;

/** In turns, in one process: two processes of the same program differ by more than what is measured here. */
async function compare(start: FlowQuestion, { count, sliceMs }: { count: number; sliceMs: number }): Promise<Figures> {
  await using child = startChild(new URL('../path/flow-process.ts', import.meta.url));
  await ask(child, start);
  const slices: { ours: FlowSlice; peer: FlowSlice }[] = [];
  const slice = async (look: boolean): Promise<FlowSlice> => {
    await ask(child, { look });
    return ask(child, { runForMs: sliceMs, payload: PAYLOAD });
  };
  // Two rounds to warm up the compilers, uncounted; whoever is first in a round changes, so that nothing favours one side.
  for (let round = -2; round < count; round += 1) {
    const first = await slice(round % 2 === 0);
    const second = await slice(round % 2 !== 0);
    if (round >= 0) slices.push(round % 2 === 0 ? { ours: first, peer: second } : { ours: second, peer: first });
  }
  return {
    ours: median(slices.map((pair) => rateOf(pair.ours))),
    peer: median(slices.map((pair) => rateOf(pair.peer))),
    ratio: median(slices.map((pair) => rateOf(pair.ours) / rateOf(pair.peer))),
    cpuRatio: Number.NaN,
  };
}

async function ask(child: Child, question: FlowQuestion): Promise<FlowSlice> {
  return (await child.ask(question)) as FlowSlice;
}

/** The flow fills one core. Against time on the clock, what else runs on the machine would count for more than what is measured. */
const rateOf = ({ messages, cpuMs }: FlowSlice): number => (messages * 1000) / cpuMs;
