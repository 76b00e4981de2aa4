import type { Vertex } from '../parse/model.ts';
import { type Carried, carriedBy, type FindType, type Refuse } from './carriers.ts';
import type { Guess } from './dictionary.ts';
import type { Entry } from './entry.ts';
import type { Arrow, ChartGraph } from './graph.ts';
import { wiredBy } from './outputs.ts';
import { plainText } from './plain-text.ts';
import type { Relay } from './relay-maker.ts';
import type { Step } from './step.ts';
import { STEP } from './types.ts';

/** What a box, or what stands for an arrow, is taken for before it has wires. */
export interface Draft {
  readonly id: string;
  /** Absent for what stands for an arrow. */
  readonly vertex?: Vertex;
  readonly entry: Entry | undefined;
  readonly carried: Carried | undefined;
  readonly guess: Guess | undefined;
  readonly relay?: Relay;
}

export function draftOf(
  vertex: Vertex,
  entry: Entry | undefined,
  guess: Guess | undefined,
  findType: FindType,
  refuse: Refuse,
): Draft {
  return { id: vertex.id, vertex, entry, carried: carriedBy(vertex, entry, findType, refuse), guess };
}

/** A publisher with a double arrow waits for the answer. */
export function asking(draft: Draft, { from, to }: ChartGraph): Draft {
  const { carried, id, entry } = draft;
  if (carried?.type !== PUBLISHER || entry?.nodeId !== undefined) return draft;
  const isDouble = ({ kind }: Arrow): boolean => kind === 'question' || kind === 'answer';
  if (![...(from.get(id) ?? []), ...(to.get(id) ?? [])].some(isDouble)) return draft;
  const why = `${carried.why}, and its double arrow asks for an answer`;
  return { ...draft, carried: { ...carried, type: 'chartwire-mqtt-request', why } };
}

const PUBLISHER = 'chartwire-mqtt-out';

/** What stands for an arrow; a box of its name is it, and what the chart says of that box counts. */
export function draftOfRelay(relay: Relay, box: Draft | undefined, entry: Entry | undefined): Draft {
  const { chartId: id, type, why, settings } = relay;
  const said = entry && { carrier: 'frontmatter' as const, settings: entry.settings, why: SAID };
  const carried = said && (entry.type === undefined ? said : { ...said, type: entry.type });
  return { id, entry, carried, ...box, guess: { type, why, settings }, relay };
}

const SAID = 'the flow block of the frontmatter says so';

export const typeOf = (draft: Draft | undefined): string => draft?.carried?.type ?? draft?.guess?.type ?? STEP;

/** A draft with its outputs; `outs` are those of the subflow of the chart that it uses. */
export function stepOf(draft: Draft, arrows: readonly Arrow[], outs?: readonly string[]): Step {
  const { id, vertex, entry, carried, guess, relay } = draft;
  const type = typeOf(draft);
  const carrier = carried?.type !== undefined ? carried.carrier : guess ? (guess.carrier ?? 'dictionary') : 'default';
  const why = carried?.type !== undefined ? carried.why : (guess?.why ?? 'nothing in the chart says what it does');
  const { name, ...own } = carried?.settings ?? {};
  const settings = carried?.type === undefined && guess?.settings ? { ...guess.settings, ...own } : own;
  const label = vertex ? plainText(vertex.text, vertex.labelType) || id : (relay?.name ?? id);
  const called = entry?.name ?? (typeof name === 'string' ? name : label);
  return {
    chartId: id,
    name: entry?.name === null ? null : called,
    type,
    ...wiredBy(type, settings, entry?.outs ?? relay?.outs ?? (type.startsWith('subflow:') ? outs : undefined), arrows),
    carrier,
    why,
    ...(entry?.at && { at: entry.at }),
    ...(entry && { entry }),
    ...(relay && { refers: relay.refers }),
    ...(relay?.edge !== undefined && { edge: relay.edge }),
    ...(relay?.isImplied && { isImplied: true }),
    ...(relay?.isReturn && { marks: [] }),
    ...(relay?.linkOf !== undefined && { linkOf: relay.linkOf }),
    isArrow: vertex === undefined,
  };
}
