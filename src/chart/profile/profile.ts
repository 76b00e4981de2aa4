import type { Vertex } from '../parse/model.ts';
import type { ParsedChart } from '../parse/parse-chart.ts';
import { type ChartDiagnostic, positionsOf } from '../parse/span.ts';
import { waysOf } from './answers.ts';
import { chartLinksOf } from './chart-links.ts';
import { guardsOf, type Warn, warnOfDeadEnds, warnOfStrangers } from './checks.ts';
import { onceOf } from './copies.ts';
import { decisionOf } from './decisions.ts';
import { dictionaryOf, type Guess, isDecision } from './dictionary.ts';
import { asking, type Draft, draftOf, draftOfRelay, stepOf, typeOf } from './drafts.ts';
import { entriesOf } from './entry.ts';
import { type Arrow, type ChartGraph, graphOf } from './graph.ts';
import { controlledBy, type Loops, loopsOf } from './loops.ts';
import { notesOf } from './notes.ts';
import { placesOf } from './places.ts';
import type { Relay } from './relay-maker.ts';
import { wiringOf } from './relays.ts';
import { degreesOf, shapeGuess } from './shapes.ts';
import type { ChartProfile, Step } from './step.ts';
import { installedType, STEP } from './types.ts';

/**
 * Decides for each box of a chart which node it is, and what stands for its arrows. `types` are further node types that are
 * installed, `name` is what a chart without a title is called.
 */
export function profileOf(
  parsed: ParsedChart,
  types: ReadonlySet<string> = new Set(),
  name: string = 'chart',
): ChartProfile {
  const block = entriesOf(parsed);
  const graph = graphOf(parsed.model, (id) => block.get(id)?.as !== undefined);
  const position = positionsOf(parsed.text);
  const diagnostics: ChartDiagnostic[] = [];
  const warn: Warn = ({ span }, expected, message) =>
    void diagnostics.push({ ...position(span.start), expected, message, severity: 'warning', span });

  const { drafts, decisions } = draftsOf(graph, block, types, warn);
  const typeOfBox = (id: string): string => typeOf(drafts.get(id));
  const ways = waysOf(graph.arrows, typeOfBox);
  const loops = loopsOf(graph.boxes.keys(), ways);
  const able = (id: string): boolean => typeOfBox(id) === STEP && block.get(id)?.nodeId === undefined;
  const controlled = new Set([...controlledBy(ways, loops.entries)].filter(able));
  const wiring = wiringOf(graph.arrows, {
    ...placesOf(graph, block),
    typeOf: typeOfBox,
    takesControl: (id) => controlled.has(id),
    settingsOf: (id) => drafts.get(id)?.carried?.settings ?? {},
    isBox: (id) => graph.boxes.has(id),
    isExact: (id) => block.get(id)?.nodeId !== undefined,
    chart: parsed.model.title?.trim() || name,
  });
  const links = chartLinksOf(graph, block, ways);
  const arrows = [...wiring.arrows, ...links.arrows];
  const relays = [...wiring.relays, ...links.relays];
  for (const relay of relays) {
    const { chartId } = relay;
    drafts.set(chartId, draftOfRelay(relay, drafts.get(chartId), block.get(chartId)));
  }
  const leaving = arrowsBy(arrows);
  const stepFor = (draft: Draft): Step => stepOf(draft, leaving.get(draft.id) ?? []);
  const steps = new Map([...drafts].map(([id, draft]) => [id, stepFor(draft)]));
  stepsForCircles(loops.circles, steps, (id) => {
    const draft = drafts.get(id);
    return decisions.has(id) && draft ? stepFor({ ...draft, carried: undefined, guess: undefined }) : undefined;
  });
  warnOfStrangers(parsed, block, graph, drafts, warn);
  const guarded = guardsOf(loops.circles, steps, graph, warn);
  const once = onceOf(graph.boxes.keys(), ways, loops, guarded, (id) => steps.get(id)?.type === STEP);
  const entries = new Set([...loops.entries].filter((id) => !links.fed.has(id)));
  const notes = notesOf(ways, typeOfBox, controlled);
  const finished = [...steps.values()].map((step): Step => {
    const note = notes.get(step.chartId);
    const placed = atItsPlace(step, { entries, guarded, once, controlled });
    return note === undefined ? placed : { ...placed, why: `${placed.why}; ${note}` };
  });
  for (const step of finished) warnOfDeadEnds(step, steps, graph, warn);
  return { steps: finished, groups: graph.groups, parentOf: withRelays(graph, relays), arrows, block, diagnostics };
}

/** What each box is taken for: by what the chart says of it, else by a guess. */
function draftsOf(
  graph: ChartGraph,
  block: ChartProfile['block'],
  types: ReadonlySet<string>,
  warn: Warn,
): { drafts: Map<string, Draft>; decisions: ReadonlyMap<string, Guess> } {
  const guesses = dictionaryOf(graph);
  const decisions = decisionsOf(graph, guesses, block);
  const findType = (name: string): string | undefined => installedType(name) ?? (types.has(name) ? name : undefined);
  const refuse = (vertex: Vertex, type: string, place: string): void =>
    warn(
      vertex,
      'the name of an installed node type',
      `${place} wants "${type}" for ${vertex.id}, which is not installed.`,
    );
  const degreeOf = degreesOf(graph);
  const drafts = [...graph.boxes].map(([id, vertex]): [string, Draft] => {
    const guess = guesses.get(id) ?? decisions.get(id) ?? shapeGuess(vertex, degreeOf(id));
    return [id, asking(draftOf(vertex, block.get(id), guess, findType, refuse), graph.arrows)];
  });
  return { drafts: new Map(drafts), decisions };
}

/** Decisions that no choice of protocol explains and no entry gives a type. */
function decisionsOf(
  graph: ChartGraph,
  guesses: ReadonlyMap<string, Guess>,
  block: ChartProfile['block'],
): Map<string, Guess> {
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
  circles: Loops['circles'],
  steps: Map<string, Step>,
  asStep: (id: string) => Step | undefined,
): void {
  for (const circle of circles) {
    if (circle.some((id) => steps.get(id)?.type === STEP)) continue;
    const id = circle.find((one) => steps.get(one)?.type === ROUTE);
    const step = id === undefined ? undefined : asStep(id);
    if (id !== undefined && step) steps.set(id, step);
  }
}

const ROUTE = 'chartwire-route';

/** Copies of one message arrive close together: so many messages are enough to know them by. */
const MESSAGES_SEEN = 1000;

type Places = 'entries' | 'guarded' | 'once' | 'controlled';

/** Settings that a plain step has by where it stands. */
function atItsPlace(
  step: Step,
  { entries, guarded, once, controlled }: Readonly<Record<Places, ReadonlySet<string>>>,
): Step {
  if (step.type !== STEP) return step;
  const test = entries.has(step.chartId) && { test: true };
  const guard = guarded.has(step.chartId) && { guard: true };
  const passOnce = once.has(step.chartId) && { once: MESSAGES_SEEN };
  const control = controlled.has(step.chartId) && { control: true };
  return { ...step, settings: { ...test, ...guard, ...passOnce, ...control, ...step.settings } };
}

/** What stands for an arrow is in the group of the box it stands beside. */
function withRelays({ parentOf, boxes }: ChartGraph, relays: readonly Relay[]): ReadonlyMap<string, string> {
  const all = new Map(parentOf);
  for (const { chartId, beside } of relays) {
    const parent = parentOf.get(beside);
    if (!boxes.has(chartId) && parent !== undefined) all.set(chartId, parent);
  }
  return all;
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
