import type { CaseLine } from '../../bench.ts';
import { compare } from '../compare.ts';
import { roundsOf, type Rounds, type SideFigures } from '../rounds.ts';
import { windowFor } from '../window.ts';
import type { World } from '../world.ts';
import type { Bridges, Passage, SideName } from './bridges.ts';

const ALL: readonly SideName[] = ['core', 'hand', 'c', 'wired', 'fused'];

/** in -> out, nothing between. */
export async function* throughCases(world: World, bridges: Bridges): AsyncIterable<CaseLine> {
  const rounds = roundsOf(world.quick);
  for (const passage of passages(world.quick)) {
    const figures = await bridges.measure(ALL, passage, rounds);
    yield* pairs(world, passage, figures);
  }
}

/** One message after the other, at a rate anybody can keep up with: what counts is the time it takes. */
export async function* steadyCases(world: World, bridges: Bridges): AsyncIterable<CaseLine> {
  const { nodeRed, mqtt } = world.versions;
  const turns = world.quick ? { count: 1, sliceMs: 500, warmUpMs: 150 } : { count: 5, sliceMs: 1000, warmUpMs: 500 };
  const sides = world.quick ? ALL.filter((name) => name !== 'c') : ALL;
  for (const [qos, perSecond, goal] of [
    [1, 100, 20],
    [0, 1000, 10],
  ] as const) {
    const passage: Passage = { qos, payload: 100, isTls: false, middle: 'nothing', window: 256 };
    const rounds: Rounds = { ...turns, perSecond };
    const figures = await bridges.measure(sides, passage, rounds);
    const what = `in -> out at ${perSecond}/s, QoS ${qos}`;
    for (const way of ['wired', 'fused'] as const) {
      const ours = figures.get(way);
      const against = (name: SideName, peerName: string, goal: number): CaseLine =>
        compare({ case: `${what}, ${way}`, ours, peer: figures.get(name), peerName, goal, figure: 'latency' });
      yield against('core', `${nodeRed} core nodes`, goal);
      yield against('hand', `${mqtt} by hand`, 1);
      if (!world.quick) yield against('c', 'C, libmosquitto', 1);
    }
  }
}

function* pairs(world: World, passage: Passage, figures: ReadonlyMap<SideName, SideFigures>): Iterable<CaseLine> {
  const { nodeRed, mqtt } = world.versions;
  const { qos, payload, isTls } = passage;
  const size = payload === 16_384 ? '16 KiB' : payload === 1024 ? '1 KiB' : `${payload} B`;
  const what = `in -> out, QoS ${qos}, ${size}${isTls ? ', TLS' : ''}`;
  for (const way of ['wired', 'fused'] as const) {
    const ours = figures.get(way);
    const against = (name: SideName, peerName: string, goal: number): CaseLine =>
      compare({ case: `${what}, ${way}`, ours, peer: figures.get(name), peerName, goal });
    yield against('core', `${nodeRed} core nodes`, goalOf(passage, way));
    yield against('hand', `${mqtt} by hand`, 1);
    yield against('c', 'C, libmosquitto', 1);
  }
}

/** Goals are set for 100 B over TCP; everywhere else ours must only not be slower. */
function goalOf({ qos, payload, isTls }: Passage, way: 'wired' | 'fused'): number {
  if (payload !== 100 || isTls) return 1;
  if (qos === 0) return way === 'fused' ? 15 : 8;
  return qos === 1 ? 5 : 1;
}

function passages(quick: boolean): Passage[] {
  const base = { middle: 'nothing' } as const;
  if (quick)
    return ([0, 1] as const).map((qos) => ({ ...base, qos, payload: 100, isTls: false, window: windowFor(100, qos) }));
  return [false, true].flatMap((isTls) =>
    [16, 100, 1024, 16_384].flatMap((payload) =>
      ([0, 1, 2] as const)
        // Over TLS the smallest and largest say nothing new.
        .filter((qos) => !isTls || (payload !== 16 && qos !== 2))
        .map((qos) => ({ ...base, qos, payload, isTls, window: windowFor(payload, qos) })),
    ),
  );
}
