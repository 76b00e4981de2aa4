import type { CaseLine } from '../../bench.ts';
import { compare, lessIsBetter } from '../compare.ts';
import { middle, roundsOf, type SideFigures } from '../rounds.ts';
import { windowFor } from '../window.ts';
import type { World } from '../world.ts';
import type { Bridges, Passage, SideName } from './bridges.ts';

const SIDES: readonly SideName[] = ['core', 'wired', 'fused'];
const SCRIPTS = 10;

/** in -> decode JSON -> route -> set -> out, and what one script costs. */
export async function* middleCases(world: World, bridges: Bridges): AsyncIterable<CaseLine> {
  const rounds = roundsOf(world.quick);
  const base = { qos: 0, isTls: false, window: windowFor('json') } as const;
  const { nodeRed } = world.versions;

  const decoded: Passage = { ...base, payload: 'json', middle: 'decode, route, set' };
  const figures = await bridges.measure(SIDES, decoded, rounds);
  for (const way of ['wired', 'fused'] as const) {
    const peerName = `${nodeRed} json, switch, change`;
    const what = `in -> decode, route, set -> out, ${way}`;
    yield compare({ case: what, ours: figures.get(way), peer: figures.get('core'), peerName, goal: 8 });
  }

  const without = await bridges.measure(SIDES, { ...base, payload: 100, middle: 'nothing' }, rounds);
  const withScripts = await bridges.measure(SIDES, { ...base, payload: 100, middle: { scripts: SCRIPTS } }, rounds);
  const each = (name: SideName): number => (cpuUsOf(withScripts.get(name)) - cpuUsOf(without.get(name))) / SCRIPTS;
  for (const way of ['wired', 'fused'] as const) {
    const what = `each script of ${SCRIPTS}, ${way}`;
    const [ours, peer, peerName] = [each(way), each('core'), `${nodeRed} function node`];
    if (Number.isNaN(ours) || Number.isNaN(peer)) yield { case: what, peerName, skipped: problem(withScripts) };
    else yield lessIsBetter({ case: what, ours, peer, peerName, unit: 'us CPU', goal: 10 });
  }
}

function cpuUsOf(side: SideFigures | undefined): number {
  return side === undefined || 'failed' in side ? Number.NaN : middle(side.rounds, ({ cpuUs }) => cpuUs);
}

function problem(figures: ReadonlyMap<SideName, SideFigures>): string {
  const failures = [...figures.values()].flatMap((side) => ('failed' in side ? [`${side.name}: ${side.failed}`] : []));
  return failures[0] ?? 'no processor time can be read here';
}
