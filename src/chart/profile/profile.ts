import type { Vertex } from '../parse/model.ts';
import type { ParsedChart } from '../parse/parse-chart.ts';
import { type ChartDiagnostic, positionsOf } from '../parse/span.ts';
import { type Carried, carriedBy } from './carriers.ts';
import { decisionOf } from './decisions.ts';
import { dictionaryOf, type Guess, isDecision, protocolOf } from './dictionary.ts';
import { type Arrow, type ChartGraph, graphOf } from './graph.ts';
import { type Entry, entriesOf } from './entry.ts';
import { guardsOf, warnOfDeadEnds } from './checks.ts';
import { loopsOf } from './loops.ts';
import { plainText } from './plain-text.ts';
import type { ChartProfile, Output, Step } from './step.ts';
import { installedType, isSink, outputRows, STEP } from './types.ts';

/** Decides for each box of a chart which node it is. `types` are further node types that are installed. */
export function profileOf(parsed: ParsedChart, types: ReadonlySet<string> = new Set()): ChartProfile {
  const block = entriesOf(parsed);
  const graph = graphOf(parsed.model, (id) => block.get(id)?.as !== undefined);
  const guesses = dictionaryOf(graph);
  const decisions = decisionsOf(graph, guesses, block);
  const loops = loopsOf(graph.boxes.keys(), graph.arrows);
  const position = positionsOf(parsed.text);
  const diagnostics: ChartDiagnostic[] = [];
  const warn = ({ span }: Pick<Vertex, 'span'>, expected: string, message: string): void =>
    void diagnostics.push({ ...position(span.start), expected, message, severity: 'warning', span });
  const findType = (name: string): string | undefined => installedType(name) ?? (types.has(name) ? name : undefined);

  const leaving = arrowsBy(graph.arrows);
  const drafts = new Map<string, Step>();
  for (const [id, vertex] of graph.boxes) {
    const entry = block.get(id);
    const carried = carriedBy(vertex, entry, findType, ({ id: box }, type, place) =>
      warn(
        vertex,
        'the name of an installed node type',
        `${place} wants "${type}" for ${box}, which is not installed.`,
      ),
    );
    drafts.set(id, draftOf(vertex, carried, entry, guesses.get(id) ?? decisions.get(id), leaving.get(id) ?? []));
  }
  for (const id of block.keys()) {
    if (graph.boxes.has(id) || graph.parentOf.has(id) || id.startsWith('$') || !parsed.frontmatter) continue;
    if (!graph.groups.some((group) => group.id === id))
      warn(parsed.frontmatter, 'the id of a box', `There is no box ${id}.`);
  }
  stepsForCircles(loops.circles, drafts, (id) => {
    const vertex = graph.boxes.get(id);
    return decisions.has(id) && vertex
      ? draftOf(vertex, undefined, block.get(id), undefined, leaving.get(id) ?? [])
      : undefined;
  });
  const guarded = guardsOf(loops.circles, drafts, graph, warn);
  const steps = [...drafts.values()].map((step) => {
    if (step.type !== STEP) return step;
    const test = loops.entries.has(step.chartId) && { test: true };
    const guard = guarded.has(step.chartId) && { guard: true };
    return { ...step, settings: { ...test, ...guard, ...step.settings } };
  });
  for (const step of steps) warnOfDeadEnds(step, drafts, graph, warn);
  return { steps, groups: graph.groups, parentOf: graph.parentOf, arrows: graph.arrows, block, diagnostics };
}

/** Decisions that no choice of protocol explains and no entry gives a type. */
function decisionsOf(graph: ChartGraph, guesses: Guesses, block: ChartProfile['block']): Map<string, Guess> {
  const decisions = new Map<string, Guess>();
  for (const [id, vertex] of graph.boxes) {
    if (!isDecision(vertex) || guesses.has(id) || block.get(id)?.type !== undefined) continue;
    const decision = decisionOf(graph, id);
    if (decision) decisions.set(id, { type: ROUTE, why: decision.why, settings: { rules: decision.rules } });
  }
  return decisions;
}

/** Only a step can guard a circle: where there is none, a decision stays one, with all its wires on one output. */
function stepsForCircles(
  circles: readonly (readonly string[])[],
  drafts: Map<string, Step>,
  asStep: (id: string) => Step | undefined,
): void {
  for (const circle of circles) {
    if (circle.some((id) => drafts.get(id)?.type === STEP)) continue;
    const id = circle.find((one) => drafts.get(one)?.type === ROUTE);
    const step = id === undefined ? undefined : asStep(id);
    if (id !== undefined && step) drafts.set(id, step);
  }
}

const ROUTE = 'chartwire-route';

type Guesses = ReturnType<typeof dictionaryOf>;

function draftOf(
  vertex: Vertex,
  carried: Carried | undefined,
  entry: Entry | undefined,
  guess: Guess | undefined,
  arrows: Arrow[],
): Step {
  const type = carried?.type ?? guess?.type ?? STEP;
  const carrier = carried?.type !== undefined ? carried.carrier : guess ? 'dictionary' : 'default';
  const why = carried?.type !== undefined ? carried.why : (guess?.why ?? 'nothing in the chart says what it does');
  const { name, ...own } = carried?.settings ?? {};
  const settings = carried?.type === undefined && guess?.settings ? { ...guess.settings, ...own } : own;
  const called =
    entry?.name ?? (typeof name === 'string' ? name : plainText(vertex.text, vertex.labelType) || vertex.id);
  return {
    chartId: vertex.id,
    name: entry?.name === null ? null : called,
    type,
    ...wiredBy(type, settings, entry?.outs, arrows),
    carrier,
    why,
    ...(entry?.at && { at: entry.at }),
    ...(entry && { entry }),
  };
}

/** A choosing node has one output for each label of its arrows, in the order of its branches; any other node has one. */
function wiredBy(
  type: string,
  settings: Step['settings'],
  outs: readonly string[] | undefined,
  arrows: readonly Arrow[],
): Pick<Step, 'settings' | 'outputs' | 'labelled'> {
  if (outs) return { settings, outputs: outputsNamed(outs, arrows), labelled: true };
  const rows = outputRows(type);
  if (type === 'switch') return { settings, outputs: outputsByLabel([], arrows), labelled: true };
  if (rows === undefined) {
    const outputs = arrows.length === 0 && isSink(type) ? [] : [outputOf('', arrows)];
    return { settings, outputs, labelled: false };
  }
  const given = rowLabels(settings[rows]);
  const outputs = outputsByLabel(given ?? [], arrows);
  if (given || type !== 'chartwire-choose') return { settings, outputs, labelled: true };
  const branches = outputs.map(({ label }) => ({ label, protocol: protocolOf(label) ?? '' }));
  return { settings: { ...(branches.length > 0 && { branches }), ...settings }, outputs, labelled: true };
}

function rowLabels(rows: unknown): string[] | undefined {
  if (!Array.isArray(rows)) return undefined;
  return rows.map((row: { label?: unknown } | null) => String(row?.label));
}

/** The outputs an entry lists; an arrow with none of their labels leaves from the first. */
function outputsNamed(outs: readonly string[], arrows: readonly Arrow[]): Output[] {
  return outs.map((name, port) =>
    outputOf(
      name,
      arrows.filter(({ label }) => Math.max(0, outs.indexOf(label)) === port),
    ),
  );
}

/** Parallel arrows become one wire: Node-RED has no second one between the same two ports. */
function outputOf(label: string, arrows: readonly Arrow[]): Output {
  return { label, targets: [...new Set(arrows.map(({ to }) => to))] };
}

function outputsByLabel(first: readonly string[], arrows: readonly Arrow[]): Output[] {
  const byLabel = new Map<string, Arrow[]>(first.map((label) => [label, []]));
  for (const arrow of arrows) {
    const alike = byLabel.get(arrow.label);
    if (alike) alike.push(arrow);
    else byLabel.set(arrow.label, [arrow]);
  }
  return [...byLabel].map(([label, alike]) => outputOf(label, alike));
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
