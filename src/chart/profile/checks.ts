import type { Vertex } from '../parse/model.ts';
import type { ParsedChart } from '../parse/parse-chart.ts';
import type { ChartCodeName } from './chart-codes.ts';
import type { Arrow, ChartGraph } from './graph.ts';
import { type Loops, loopsOf } from './loops.ts';
import type { ChartProfile, Step } from './step.ts';
import { isSink, isSource, STEP } from './types.ts';

/** Notes a doubtful place of the chart. */
export type Warn = (at: Pick<Vertex, 'span'>, code: ChartCodeName, expected: string, message: string) => void;

/**
 * The steps that are to drop what has visited them, so that no circle is without one: the target of each feedback arrow, else its
 * source, else the first step between. Another way between the two may miss that one, so it is looked for circles once more.
 */
export function guardsOf(
  circles: Loops['circles'],
  drafts: ReadonlyMap<string, Step>,
  graph: ChartGraph,
  ways: readonly Arrow[],
  warn: Warn,
): Set<string> {
  const isStep = (id: string): boolean => drafts.get(id)?.type === STEP;
  const guarded = new Set<string>();
  for (const circle of circles) {
    const guard = [circle.first, circle.last].find(isStep) ?? [...circle].find(isStep);
    const target = graph.boxes.get(circle.first);
    if (guard !== undefined) guarded.add(guard);
    if (target && guard === undefined) {
      warn(
        target,
        'LOOP_UNGUARDED',
        'a plain step in every circle',
        `The circle ${[...circle].join(' > ')} has no loop guard.`,
      );
    }
  }
  for (let before = -1; circles.length > 0 && before !== guarded.size;) {
    before = guarded.size;
    const free = [...graph.boxes.keys()].filter((id) => !guarded.has(id));
    const between = ways.filter(({ from, to }) => !guarded.has(from) && !guarded.has(to));
    for (const circle of loopsOf(free, between).circles) {
      const guard = isStep(circle.first) ? circle.first : [...circle].find(isStep);
      if (guard !== undefined) guarded.add(guard);
    }
  }
  return guarded;
}

/** Warns of arrows that no message can take. */
export function warnOfDeadEnds(step: Step, drafts: ReadonlyMap<string, Step>, graph: ChartGraph, warn: Warn): void {
  const vertex = graph.boxes.get(step.chartId);
  if (!vertex) return;
  for (const to of step.outputs.flatMap(({ targets }) => targets)) {
    const target = drafts.get(to);
    if (isSink(step.type))
      warn(vertex, 'WIRE_DEAD', 'no arrow from it', `${step.chartId} is a "${step.type}", which sends nothing on.`);
    if (target && isSource(target.type)) {
      warn(vertex, 'WIRE_DEAD', `no arrow to ${to}`, `${to} is a "${target.type}", which takes no messages.`);
    }
  }
}

/** Warns of dotted arrows to boxes that neither take messages nor bring any. */
export function warnOfUncontrolled(
  ways: readonly Arrow[],
  typeOf: (id: string) => string | undefined,
  { boxes }: ChartGraph,
  warn: Warn,
): void {
  for (const { from, to, kind } of ways) {
    const vertex = boxes.get(to);
    const type = typeOf(to) ?? STEP;
    if (!vertex || kind !== 'control' || !(type === 'comment' || (isSource(type) && isSink(type)))) continue;
    const message = `${to} is a "${type}", which has no messages that ${from} could control.`;
    warn(vertex, 'CONTROL_UNTAKEN', 'a dotted arrow to a box that takes messages or brings them', message);
  }
}

/** Warns of entries of the flow block for what the chart does not have. */
export function warnOfStrangers(
  { frontmatter }: ParsedChart,
  block: ChartProfile['block'],
  { parentOf, groups }: ChartGraph,
  known: ReadonlyMap<string, unknown>,
  warn: Warn,
): void {
  if (!frontmatter) return;
  for (const [id, entry] of block) {
    if (
      entry.as === 'none' ||
      known.has(id) ||
      parentOf.has(id) ||
      id.startsWith('$') ||
      groups.some((group) => group.id === id)
    )
      continue;
    warn(frontmatter, 'BOX_UNKNOWN', 'the id of a box', `There is no box ${id}.`);
  }
}

/** A node id that the flow block gives to two parts of the chart. */
export function idTwice(block: ChartProfile['block']): string | undefined {
  const ids = new Set<string>();
  for (const { nodeId } of block.values()) {
    if (nodeId !== undefined && ids.has(nodeId)) return nodeId;
    if (nodeId !== undefined) ids.add(nodeId);
  }
  return undefined;
}
