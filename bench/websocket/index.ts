import type { Bench, CaseLine } from '../bench.ts';
import { startChild } from '../child.ts';
import { compare } from '../mqtt/compare.ts';
import type { Slice } from '../mqtt/load/traffic.ts';
import { inRounds, type Rounds, type SideFigures } from '../mqtt/rounds.ts';
import { PATHS } from './flows.ts';
import type { Question } from './load/questions.ts';
import { memoryCases } from './memory.ts';
import { coreSide, handSide, ourSide, type Side } from './sides/side.ts';

const PARTS = ['echo', 'fan-out', 'memory'] as const;
type Part = (typeof PARTS)[number];

interface Case {
  readonly part: Part;
  readonly connections: number;
  readonly payloadBytes: number;
  readonly window: number;
}

type Name = 'core' | 'wired' | 'fused' | 'hand';

export const bench: Bench = {
  about: 'WebSocket echo and fan-out through Node-RED, memory; against core nodes and ws by hand',
  parts: PARTS,
  async *run({ quick, part }): AsyncIterable<CaseLine> {
    await using opened = new AsyncDisposableStack();
    const load = opened.use(startChild(new URL('./load/load-process.ts', import.meta.url)));
    const ask = (question: Question): Promise<unknown> => load.ask(question);
    const runs = { run: async (key: string, forMs: number) => (await ask({ do: 'run', key, forMs })) as Slice };
    const sides = new Map<Name, Side>();
    sides.set('core', opened.use(await coreSide()));
    sides.set('fused', opened.use(await ourSide(true)));
    sides.set('hand', opened.use(await handSide()));
    if (!quick) sides.set('wired', opened.use(await ourSide(false)));
    const rounds: Rounds = quick
      ? { count: 3, sliceMs: 200, warmUpMs: 300 }
      : { count: 5, sliceMs: 500, warmUpMs: 600 };
    for (const one of casesOf(quick)) {
      if (part !== undefined && one.part !== part) continue;
      const { connections, payloadBytes, window } = one;
      const toAll = one.part === 'fan-out';
      const path = toAll ? PATHS.all : PATHS.echo;
      for (const [key, { port }] of sides) {
        await ask({ do: 'dial', key, port, path, connections, payloadBytes, window, toAll });
      }
      const runners = [...sides].map(([name, { pid }]) => ({ name, key: name, pids: () => [pid] }));
      const figures = await inRounds(runs, runners, rounds);
      for (const key of sides.keys()) await ask({ do: 'hangUp', key });
      yield* linesOf(one, new Map(figures.map((side) => [side.name as Name, side])));
    }
    if (part === undefined || part === 'memory') yield* memoryCases(ask, quick);
  },
};

function casesOf(quick: boolean): Case[] {
  const sizes = [100, 1_024, 16_384];
  const echo = [1, 50, 1_000].flatMap((connections) =>
    sizes.map((payloadBytes) => ({ part: 'echo' as const, connections, payloadBytes, window: windowOf(connections) })),
  );
  const fanOut = [100, 1_000].flatMap((connections) =>
    sizes.map((payloadBytes) => ({ part: 'fan-out' as const, connections, payloadBytes, window: 16 })),
  );
  if (!quick) return [...echo, ...fanOut];
  return [...echo.filter(({ connections }) => connections === 50), ...fanOut].filter(
    ({ payloadBytes, connections, part }) => payloadBytes === 100 && (part === 'echo' || connections === 1_000),
  );
}

/** Under way on each connection: a thousand that speak all the time are seldom. */
function windowOf(connections: number): number {
  return connections === 1 ? 32 : connections === 50 ? 16 : 2;
}

/** Goals are set for small messages of many; everywhere else ours must only not be slower. */
function* linesOf(
  { part, connections, payloadBytes }: Case,
  figures: ReadonlyMap<Name, SideFigures>,
): Iterable<CaseLine> {
  const size = payloadBytes >= 1_024 ? `${payloadBytes / 1_024} KiB` : `${payloadBytes} B`;
  const what = part === 'echo' ? `echo ${size}, ${connections} connections` : `${size} to ${connections}`;
  const isGoal = payloadBytes === 100 && connections === (part === 'echo' ? 50 : 1_000);
  const goals = part === 'echo' ? { core: 2.5, hand: 1 } : { core: 3, hand: 3 };
  for (const way of ['fused', 'wired'] as const) {
    const ours = figures.get(way);
    if (ours === undefined) continue;
    for (const [peer, peerName] of [
      ['core', 'core nodes'],
      ['hand', 'ws by hand'],
    ] as const) {
      const goal = isGoal && way === 'fused' ? goals[peer] : 1;
      yield compare({ case: `${what}, ${way}`, ours, peer: figures.get(peer), peerName, goal });
    }
  }
}
