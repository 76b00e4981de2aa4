import type { Vertex } from '../parse/model.ts';
import type { Guess } from './dictionary.ts';
import type { ChartGraph } from './graph.ts';
import { STEP } from './types.ts';

const STORES = new Set(
  `cylinder cyl database db datastore data-store stored-data bow-rect bow-tie-rectangle h-cyl horizontal-cylinder das disk
  lin-cyl lined-cylinder`.split(/\s+/),
);
const OUTPUTS = new Set(
  'odd lean_right lean_left lean-r lean-right lean-l lean-left in-out out-in curv-trap curved-trapezoid display'.split(
    ' ',
  ),
);
const BEGINNINGS = new Set('stadium terminal pill round rounded event start sm-circ small-circle circ'.split(' '));
const CALLS = new Set(['subroutine', 'subproc', 'subprocess', 'fr-rect', 'framed-rectangle']);
const OTHERS: readonly (readonly [ReadonlySet<string>, string])[] = [
  [
    new Set(['circle', 'doublecircle', 'dbl-circ', 'double-circle']),
    'its circle says that it is an endpoint, but not of what address',
  ],
  [CALLS, 'its shape says that its work is drawn elsewhere, but no subflow of the chart is called so'],
  [new Set(['hexagon', 'hex', 'prepare']), 'its hexagon says that it prepares something, but not what'],
];

export const isCall = ({ type = '' }: Vertex): boolean => CALLS.has(type);

/** How a box hangs in the chart. */
export interface Degree {
  readonly arriving: number;
  readonly leaving: number;
}

/** Counts the arrows at each box; what fails at it does not follow it. */
export function degreesOf({ arrows }: ChartGraph): (id: string) => Degree {
  const [arriving, leaving] = [new Map<string, number>(), new Map<string, number>()];
  for (const { from, to, kind } of arrows) {
    arriving.set(to, (arriving.get(to) ?? 0) + 1);
    if (kind !== 'failure') leaving.set(from, (leaving.get(from) ?? 0) + 1);
  }
  return (id) => ({ arriving: arriving.get(id) ?? 0, leaving: leaving.get(id) ?? 0 });
}

/** What the shape of a box says it is, where its words say nothing. */
export function shapeGuess({ id, type = '' }: Vertex, { arriving, leaving }: Degree): Guess | undefined {
  if (STORES.has(type)) {
    const why = `its shape says store: it passes messages on and keeps the last payload as "${id}" in the context of the flow`;
    return { type: STEP, carrier: 'shape', why, settings: { keepAs: id } };
  }
  if (OUTPUTS.has(type) && arriving > 0 && leaving === 0) {
    return { type: 'debug', carrier: 'shape', why: 'its shape says output, and nothing follows it', settings: SHOWN };
  }
  const why =
    BEGINNINGS.has(type) && arriving === 0 && leaving > 0
      ? 'its shape says that the chart begins here: a message goes out at the start, and by its button'
      : OTHERS.find(([shapes]) => shapes.has(type))?.[1];
  return why === undefined ? undefined : { type: STEP, carrier: 'shape', why };
}

/** A debug node as the palette gives it, with its last message at the node. */
const SHOWN = {
  active: true,
  tosidebar: true,
  console: false,
  tostatus: true,
  complete: 'payload',
  targetType: 'msg',
  statusVal: 'payload',
  statusType: 'auto',
} as const;
