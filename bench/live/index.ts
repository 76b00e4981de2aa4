import type { Bench, CaseResult } from '../bench.ts';
import { startChild, type Child } from '../child.ts';
import { median } from '../median.ts';
import { flows } from '../path/flows.ts';
import type { FlowQuestion, FlowSlice, FlowStart, LookAt } from '../path/flow-question.ts';
import { copiesOf } from './copies.ts';
import { quartiles } from './quartiles.ts';

interface Case {
  readonly what: string;
  readonly flow: readonly object[];
  readonly fused: boolean;
  /** The other copy is not counted either: it is as in a Node-RED that knows nothing of us. */
  readonly countsOnly: boolean;
  /** Nobody looks at either copy. */
  readonly switchedOff: boolean;
}

const looked = { countsOnly: false, switchedOff: false };
const core = { flow: flows.passing.core, fused: false };

const cases: readonly Case[] = [
  { what: '10 passing, fused', flow: flows.passing.ours, fused: true, ...looked },
  { what: '10 passing, wired', flow: flows.passing.ours, fused: false, ...looked },
  { what: 'json-route-set, fused', flow: flows.decide.ours, fused: true, ...looked },
  { what: '10 core nodes', ...core, ...looked },
  { what: '10 core nodes, counted and looked at', ...core, countsOnly: true, switchedOff: false },
  { what: '10 core nodes, figures switched off', ...core, countsOnly: true, switchedOff: true },
];

/** Looking may cost 3 % at most. */
const GOAL = 0.97;
const PAYLOAD = JSON.stringify({ sensor: 'room-17', temperature: 24.5, humidity: 41, at: 1_700_000_000_000, ok: true });
const SLICE_MS = 60;
/** What a process makes of its code differs by a few per cent from one to the next, however long each runs. */
const PROCESSES = { full: 10, quick: 4 };
const ROUNDS = { full: 15, quick: 4 };
const COPIES = ['first', 'second'] as const;

export const bench: Bench = {
  about: 'what the live figures cost: two copies of a flow in one process, one looked at and one not',
  async *run({ quick }): AsyncIterable<CaseResult> {
    for (const { what, countsOnly, switchedOff, ...start } of cases) {
      const figures = await compare(start, { countsOnly, switchedOff }, quick ? 'quick' : 'full');
      yield {
        case: what,
        ...figures,
        peerName: countsOnly ? 'Node-RED alone' : 'not looked at',
        unit: 'msg/CPU s',
        goal: GOAL,
        met: figures.ratio >= GOAL,
      };
    }
  },
};

type Figures = Pick<CaseResult, 'ours' | 'peer' | 'ratio' | 'spread' | 'cpuRatio'>;
type Pair = Readonly<Record<'ours' | 'peer', number>>;

/**
 * Two processes of one program differ by more than what is measured here, and so may the two copies in one process. So both
 * copies run in turns that are short against what else the machine does, and in every second process they change their roles.
 * The reading of once a second falls into turns of either side; it takes less than a thousandth.
 */
async function compare(start: FlowStart, how: Omit<LookAt, 'prefix'>, length: 'full' | 'quick'): Promise<Figures> {
  const flow = copiesOf(start.flow, COPIES);
  const pairs: Pair[] = [];
  const [one, other] = COPIES;
  for (let number = 0; number < PROCESSES[length]; number += 1) {
    const [ours, peer] = number % 2 === 0 ? [one, other] : [other, one];
    await using child = startChild(new URL('../path/flow-process.ts', import.meta.url));
    await ask(child, { start: { ...start, flow, look: { prefix: `${ours}-`, ...how } } });
    // Some turns to warm up the compilers, uncounted.
    for (let round = -6; round < ROUNDS[length]; round += 1) {
      const pair = await inTurns(child, ours, peer, round % 2 === 0);
      if (round >= 0) pairs.push(pair);
    }
  }
  const ratios = pairs.map((pair) => pair.ours / pair.peer);
  return {
    ours: median(pairs.map(({ ours }) => ours)),
    peer: median(pairs.map(({ peer }) => peer)),
    ratio: median(ratios),
    spread: quartiles(ratios),
    cpuRatio: Number.NaN,
  };
}

/** Looked at, not, not, looked at; or the other way round: what grows or fades in the while counts for both. */
async function inTurns(child: Child, ours: string, peer: string, oursFirst: boolean): Promise<Pair> {
  const rate = async (copy: string): Promise<FlowSlice> =>
    ask(child, { runForMs: SLICE_MS, payload: PAYLOAD, entry: `${copy}-entry` });
  const [outer, inner] = oursFirst ? [ours, peer] : [peer, ours];
  const turns = [await rate(outer), await rate(inner), await rate(inner), await rate(outer)] as const;
  const outerRate = rateOf(turns[0], turns[3]);
  const innerRate = rateOf(turns[1], turns[2]);
  return oursFirst ? { ours: outerRate, peer: innerRate } : { ours: innerRate, peer: outerRate };
}

async function ask(child: Child, question: FlowQuestion): Promise<FlowSlice> {
  return (await child.ask(question)) as FlowSlice;
}

/** The flow fills one core. Against time on the clock, what else runs on the machine would count for more than what is measured. */
const rateOf = (one: FlowSlice, other: FlowSlice): number =>
  ((one.messages + other.messages) * 1000) / (one.cpuMs + other.cpuMs);
