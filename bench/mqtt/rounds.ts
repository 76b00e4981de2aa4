import { median } from '../median.ts';
import { cpuUsOf } from './cpu.ts';
import type { Load } from './load/load.ts';

/** Turns at full speed. */
export const roundsOf = (quick: boolean): Rounds =>
  quick ? { count: 3, sliceMs: 150, warmUpMs: 200 } : { count: 5, sliceMs: 500, warmUpMs: 800 };

const WARM_UPS = 4;
const WARM_MESSAGES = 20_000;

/** A side under load: how the load process calls the arrangement, and whose processor time counts. */
export interface Runner {
  readonly name: string;
  readonly key: string;
  readonly pids: () => readonly number[];
}

/** Whatever makes the traffic. */
type Runs = Pick<Load, 'run'>;

export interface Rounds {
  readonly count: number;
  readonly sliceMs: number;
  readonly warmUpMs: number;
  /** At full speed without it. */
  readonly perSecond?: number;
}

export interface Figures {
  readonly perSecond: number;
  /** Processor time of the process under test, each message. */
  readonly cpuUs: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

/** All figures of a side, one entry a round; or why it has none. */
export type SideFigures = { readonly name: string } & (
  { readonly rounds: readonly Figures[] } | { readonly failed: string }
);

/**
 * All sides in turns, so that a neighbour on the machine slows each of them. A side that fails is left out from then on;
 * the others go on.
 */
export async function inRounds(load: Runs, runners: readonly Runner[], rounds: Rounds): Promise<SideFigures[]> {
  const failed = new Map<string, string>();
  const figures = new Map<string, Figures[]>(runners.map(({ name }) => [name, []]));
  for (let round = -1; round < rounds.count; round += 1) {
    for (const runner of runners) {
      if (failed.has(runner.name)) continue;
      try {
        if (round < 0) await warmUp(load, runner, rounds);
        else figures.get(runner.name)?.push(await measure(load, runner, rounds.sliceMs, rounds.perSecond));
      } catch (error) {
        failed.set(runner.name, error instanceof Error ? error.message : String(error));
      }
    }
  }
  return runners.map(({ name }) => {
    const reason = failed.get(name);
    return reason === undefined ? { name, rounds: figures.get(name) ?? [] } : { name, failed: reason };
  });
}

/** Runs until compilers have seen enough, which on a busy machine takes longer, but not for ever. */
async function warmUp(load: Runs, { key }: Runner, { warmUpMs, perSecond }: Rounds): Promise<void> {
  let messages = 0;
  for (let time = 0; time < WARM_UPS && messages < WARM_MESSAGES; time += 1) {
    messages += (await load.run(key, warmUpMs, perSecond)).messages;
    if (perSecond !== undefined) return;
  }
}

async function measure(load: Runs, { key, pids }: Runner, forMs: number, perSecond?: number): Promise<Figures> {
  const before = cpuUsOf(pids());
  const { messages, ms, p50Us, p99Us } = await load.run(key, forMs, perSecond);
  return { perSecond: (messages * 1000) / ms, cpuUs: (cpuUsOf(pids()) - before) / messages, p50Us, p99Us };
}

/** The median over rounds of some figure of one side to some figure of another. */
export function ratioOf(
  over: readonly Figures[],
  under: readonly Figures[],
  figure: (figures: Figures) => number,
): number {
  return median(over.flatMap((figures, round) => (under[round] ? [figure(figures) / figure(under[round])] : [])));
}

export const middle = (rounds: readonly Figures[], figure: (figures: Figures) => number): number =>
  median(rounds.map(figure));
