import type { ParsedChart } from '../parse/parse-chart.ts';
import { type ChartDiagnostic, positionsOf } from '../parse/span.ts';
import { isReply, waysOf } from './answers.ts';
import { chartLinksOf } from './chart-links.ts';
import { guardsOf, idTwice, type Warn, warnOfDeadEnds, warnOfStrangers, warnOfUncontrolled } from './checks.ts';
import { onceOf } from './copies.ts';
import { draftsOf } from './drafts-of-chart.ts';
import { type Draft, draftOfRelay, stepOf, typeOf } from './drafts.ts';
import { entriesOf } from './entry.ts';
import { type ChartGraph, graphOf, MOST_ARROWS } from './graph.ts';
import { controlOf, loopsOf } from './loops.ts';
import { notesOf } from './notes.ts';
import { atItsHost, shipping } from './hosts.ts';
import { placesOf } from './places.ts';
import type { Relay } from './relay-maker.ts';
import { wiringOf } from './relays.ts';
import type { ChartProfile, Step } from './step.ts';
import { atItsPlace, stepsForCircles } from './steps-in-place.ts';
import { callsOf, callType, portsAtEnds } from './subflow-calls.ts';
import { STEP } from './types.ts';

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
  const note =
    (severity: ChartDiagnostic['severity']): Warn =>
    ({ span }, code, expected, message) =>
      void diagnostics.push({ code, ...position(span.start), expected, message, severity, span });
  const [warn, refuse] = [note('warning'), note('error')];

  if (graph.over) {
    const most = `at most ${MOST_ARROWS} arrows between boxes`;
    refuse(graph.over, 'ARROWS_TOO_MANY', most, 'The arrows of the groups lead to too many boxes.');
  }
  const twice = idTwice(block);
  if (twice !== undefined && parsed.frontmatter) {
    const message = `The node id "${twice}" stands in the flow block twice.`;
    refuse(parsed.frontmatter, 'ID_TWICE', 'ids of their own for nodes', message);
  }
  const places = placesOf(graph, block);
  const calls = callsOf(graph, places, block);
  const { drafts, decisions } = draftsOf(
    graph,
    block,
    new Set([...types, ...places.subflows.map(callType)]),
    calls,
    warn,
  );
  const typeOfBox = (id: string): string => typeOf(drafts.get(id));
  const ways = waysOf(graph.arrows, typeOfBox);
  const loops = loopsOf(graph.boxes.keys(), ways);
  const control = controlOf(ways, loops.entries, (id) =>
    block.get(id)?.nodeId === undefined ? typeOfBox(id) : undefined,
  );
  const controlled = new Set([...control].filter(([, place]) => place === 'itself').map(([id]) => id));
  const wiring = wiringOf(graph.arrows, {
    ...places,
    typeOf: typeOfBox,
    controlOf: (id) => control.get(id),
    settingsOf: (id) => drafts.get(id)?.carried?.settings ?? {},
    isBox: (id) => graph.boxes.has(id),
    isExact: (id) => block.get(id)?.nodeId !== undefined,
    called: new Map([...calls.values()].map((id) => [id, portsAtEnds(graph, id, places.tabOf)])),
    chart: parsed.model.title?.trim() || name,
  });
  const links = chartLinksOf(graph, block, ways);
  const isThere = (id: string): boolean => graph.boxes.has(id) || block.get(id)?.as !== 'none';
  const arrows = [...wiring.arrows, ...links.arrows].filter(({ from, to }) => isThere(from) && isThere(to));
  const made = [...wiring.relays, ...links.relays, ...shipping(places, [...drafts.values()])];
  const relays = made.filter(({ chartId }) => isThere(chartId));
  for (const relay of relays) {
    const { chartId } = relay;
    drafts.set(chartId, draftOfRelay(relay, drafts.get(chartId), block.get(chartId)));
  }
  const leaving = Map.groupBy([...arrows, ...wiring.ends], ({ from }) => from);
  const outsOf = (id: string): string[] | undefined =>
    wiring.subflows.get(calls.get(id) ?? '')?.outs.map((out) => out.name);
  const stepFor = (draft: Draft): Step => stepOf(draft, leaving.get(draft.id) ?? [], outsOf(draft.id));
  const steps = new Map([...drafts].map(([id, draft]) => [id, stepFor(draft)]));
  stepsForCircles(loops.circles, steps, (id) => {
    const draft = drafts.get(id);
    if (!decisions.has(id) || !draft) return undefined;
    const { carried, ...bare } = draft;
    return stepFor({ ...bare, carried: carried?.type === undefined ? carried : undefined, guess: undefined });
  });
  warnOfStrangers(parsed, block, graph, drafts, warn);
  const guarded = guardsOf(loops.circles, steps, graph, ways, warn);
  for (const arrow of ways) if (isReply(arrow, typeOfBox) && typeOfBox(arrow.to) === STEP) guarded.add(arrow.to);
  const once = onceOf(graph.boxes.keys(), ways, loops, guarded, (id) => steps.get(id)?.type === STEP);
  const fed = new Set([...links.fed, ...[...wiring.subflows.values()].flatMap(({ ins }) => ins)]);
  const entries = new Set([...loops.entries].filter((id) => !fed.has(id)));
  const notes = notesOf(ways, typeOfBox, control);
  const relayOf = new Map(relays.map((relay) => [relay.chartId, relay]));
  const finished = [...steps.values()].map((step): Step => {
    const note = notes.get(step.chartId);
    const placed = atItsPlace(step, { entries, guarded, once, controlled });
    const marking = placed.marks ? { ...placed, marks: [...guarded] } : placed;
    const hosted = atItsHost(marking, places, relayOf);
    return note === undefined ? hosted : { ...hosted, why: `${hosted.why}; ${note}` };
  });
  warnOfUncontrolled(ways, (id) => steps.get(id)?.type, graph, warn);
  for (const step of finished) warnOfDeadEnds(step, steps, graph, warn);
  const { hosts } = places;
  const { subflows } = wiring;
  return {
    steps: finished,
    groups: graph.groups,
    parentOf: withRelays(graph, relays),
    arrows,
    block,
    hosts,
    subflows,
    diagnostics,
  };
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
