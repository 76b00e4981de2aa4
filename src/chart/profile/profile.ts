import type { Vertex } from '../parse/model.ts';
import type { ParsedChart } from '../parse/parse-chart.ts';
import { type ChartDiagnostic, positionsOf } from '../parse/span.ts';
import type { Subgraph } from '../parse/model.ts';
import { type Carried, type Carrier, carriedBy, flowBlock } from './carriers.ts';
import { dictionaryOf } from './dictionary.ts';
import { type Arrow, type ChartGraph, graphOf } from './graph.ts';
import { loopsOf } from './loops.ts';
import { plainText } from './plain-text.ts';
import { installedType, isSink, isSource, STEP } from './types.ts';

/** One output of a node and the boxes it leads to. */
export interface Output {
  readonly label: string;
  readonly targets: readonly string[];
}

/** What a box of the chart becomes. */
export interface Step {
  readonly chartId: string;
  readonly name: string;
  readonly type: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly outputs: readonly Output[];
  readonly carrier: Carrier;
  /** A sentence a person can check. */
  readonly why: string;
  /** Where the frontmatter wants it (`at: [x, y]`). */
  readonly at?: readonly [x: number, y: number];
}

/** What a chart becomes before it has places. */
export interface ChartProfile {
  readonly steps: readonly Step[];
  readonly groups: readonly Subgraph[];
  readonly parentOf: ReadonlyMap<string, string>;
  readonly diagnostics: readonly ChartDiagnostic[];
}

/** Decides for each box of a chart which node it is. `types` are further node types that are installed. */
export function profileOf(parsed: ParsedChart, types: ReadonlySet<string> = new Set()): ChartProfile {
  const graph = graphOf(parsed.model);
  const guesses = dictionaryOf(graph);
  const block = flowBlock(parsed);
  const loops = loopsOf(graph.boxes.keys(), graph.arrows);
  const position = positionsOf(parsed.text);
  const diagnostics: ChartDiagnostic[] = [];
  const warn = ({ span }: Pick<Vertex, 'span'>, expected: string, message: string): void =>
    void diagnostics.push({ ...position(span.start), expected, message, severity: 'warning', span });
  const findType = (name: string): string | undefined => installedType(name) ?? (types.has(name) ? name : undefined);

  const leaving = arrowsBy(graph.arrows);
  const drafts = new Map<string, Step>();
  for (const [id, vertex] of graph.boxes) {
    const carried = carriedBy(vertex, block.get(id), findType, ({ id: box }, type, place) =>
      warn(
        vertex,
        'the name of an installed node type',
        `${place} wants "${type}" for ${box}, which is not installed.`,
      ),
    );
    drafts.set(id, draftOf(vertex, carried, guesses.get(id), leaving.get(id) ?? []));
  }
  for (const id of block.keys()) {
    if (graph.boxes.has(id) || graph.parentOf.has(id) || id.startsWith('$') || !parsed.frontmatter) continue;
    if (!graph.groups.some((group) => group.id === id))
      warn(parsed.frontmatter, 'the id of a box', `There is no box ${id}.`);
  }
  const guarded = guardsOf(loops.circles, drafts, graph, warn);
  const steps = [...drafts.values()].map((step) => {
    if (step.type !== STEP) return step;
    const test = loops.entries.has(step.chartId) && { test: true };
    const guard = guarded.has(step.chartId) && { guard: true };
    return { ...step, settings: { ...test, ...guard, ...step.settings } };
  });
  for (const step of steps) warnOfDeadEnds(step, drafts, graph, warn);
  return { steps, groups: graph.groups, parentOf: graph.parentOf, diagnostics };
}

type Warn = (at: Pick<Vertex, 'span'>, expected: string, message: string) => void;

function draftOf(
  vertex: Vertex,
  carried: Carried | undefined,
  guess: ReturnType<ReturnType<typeof dictionaryOf>['get']>,
  arrows: readonly Arrow[],
): Step {
  const name = plainText(vertex.text, vertex.labelType) || vertex.id;
  const type = carried?.type ?? guess?.type ?? STEP;
  const carrier = carried?.type !== undefined ? carried.carrier : guess ? 'dictionary' : 'default';
  const why = carried?.type !== undefined ? carried.why : (guess?.why ?? 'nothing in the chart says what it does');
  const { at, ...settings } = carried?.settings ?? {};
  const branches = type === 'chartwire-choose' && guess?.branches && { branches: guess.branches };
  const outputs = type === 'chartwire-choose' || type === 'switch' ? outputsByLabel(arrows) : [outputOf('', arrows)];
  const place = placeOf(at);
  return {
    chartId: vertex.id,
    name,
    type,
    settings: { ...branches, ...settings },
    outputs: arrows.length === 0 && isSink(type) ? [] : outputs,
    carrier,
    why,
    ...(place && { at: place }),
  };
}

function placeOf(at: unknown): readonly [number, number] | undefined {
  if (!Array.isArray(at)) return undefined;
  const [x, y]: unknown[] = at;
  return typeof x === 'number' && typeof y === 'number' ? [x, y] : undefined;
}

/** Parallel arrows become one wire: Node-RED has no second one between the same two ports. */
function outputOf(label: string, arrows: readonly Arrow[]): Output {
  return { label, targets: [...new Set(arrows.map(({ to }) => to))] };
}

function outputsByLabel(arrows: readonly Arrow[]): Output[] {
  const labels = new Set(arrows.map(({ label }) => label));
  return [...labels].map((label) =>
    outputOf(
      label,
      arrows.filter((arrow) => arrow.label === label),
    ),
  );
}

function arrowsBy(arrows: readonly Arrow[]): Map<string, Arrow[]> {
  const leaving = new Map<string, Arrow[]>();
  for (const arrow of arrows) {
    const list = leaving.get(arrow.from);
    if (list) list.push(arrow);
    else leaving.set(arrow.from, [arrow]);
  }
  return leaving;
}

/** The step of each circle that is to drop what has visited it: the feedback's target, or the first step after it. */
function guardsOf(
  circles: readonly (readonly string[])[],
  drafts: ReadonlyMap<string, Step>,
  graph: ChartGraph,
  warn: Warn,
): Set<string> {
  const guarded = new Set<string>();
  for (const circle of circles) {
    const guard = circle.find((id) => drafts.get(id)?.type === STEP);
    const target = graph.boxes.get(circle[0] ?? '');
    if (guard !== undefined) guarded.add(guard);
    else if (target)
      warn(target, 'a plain step in every circle', `The circle ${circle.join(' > ')} has no loop guard.`);
  }
  return guarded;
}

function warnOfDeadEnds(step: Step, drafts: ReadonlyMap<string, Step>, graph: ChartGraph, warn: Warn): void {
  const vertex = graph.boxes.get(step.chartId);
  if (!vertex) return;
  for (const to of step.outputs.flatMap(({ targets }) => targets)) {
    const target = drafts.get(to);
    if (isSink(step.type))
      warn(vertex, 'no arrow from it', `${step.chartId} is a "${step.type}", which sends nothing on.`);
    if (target && isSource(target.type)) {
      warn(vertex, `no arrow to ${to}`, `${to} is a "${target.type}", which takes no messages.`);
    }
  }
}
