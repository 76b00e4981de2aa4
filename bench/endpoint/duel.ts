import { startChild, type Child } from '../child.ts';
import { median } from '../median.ts';
import type { Question, SideSettings, Slice } from './side.ts';

export interface Rounds {
  readonly count: number;
  readonly sliceMs: number;
}

export interface Figures {
  readonly ours: number;
  readonly peer: number;
  readonly ratio: number;
  readonly cpuRatio: number;
}

const sideProcess = new URL('./side-process.ts', import.meta.url);

/** Both sides in turns, so that a neighbour on the machine slows both: the ratio of a round can be trusted, a rate cannot. */
export async function duel(settings: SideSettings, { count, sliceMs }: Rounds): Promise<Figures> {
  await using ours = startChild(sideProcess);
  await using bare = startChild(sideProcess);
  await ask(ours, { start: { ...settings, side: 'ours' } });
  await ask(bare, { start: { ...settings, side: 'bare' } });
  const rounds: { ours: Slice; peer: Slice }[] = [];
  // Two rounds to warm up the compilers, uncounted.
  for (let round = -2; round < count; round += 1) {
    const slices = { ours: await ask(ours, { runForMs: sliceMs }), peer: await ask(bare, { runForMs: sliceMs }) };
    if (round >= 0) rounds.push(slices);
  }
  return {
    ours: median(rounds.map((round) => rateOf(round.ours))),
    peer: median(rounds.map((round) => rateOf(round.peer))),
    ratio: median(rounds.map((round) => rateOf(round.ours) / rateOf(round.peer))),
    cpuRatio: median(rounds.map((round) => cpuOf(round.peer) / cpuOf(round.ours))),
  };
}

async function ask(child: Child, question: Question): Promise<Slice> {
  return (await child.ask(question)) as Slice;
}

const rateOf = ({ messages, ms }: Slice): number => (messages * 1000) / ms;
const cpuOf = ({ messages, cpuMs }: Slice): number => cpuMs / messages;
