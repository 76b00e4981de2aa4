import type { FlowNode } from '../answer.ts';
import { svg } from '../picture/svg-element.ts';
import type { FlowChange, WireEnds } from './compare-flows.ts';

const LAYER = 'chartwire-ghosts';
const MARKS = ['chartwire-ghost-removed', 'chartwire-ghost-changed'] as const;

interface Corner {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** Shows on the canvas what a change would do: new nodes and wires as outlines, what goes and what changes marked. */
export function showGhosts(change: FlowChange): void {
  hideGhosts();
  const layer = document.querySelector('#red-ui-workspace-chart .red-ui-workspace-chart-event-layer');
  if (layer === null) return;
  const added = change.added.filter(({ type, x }) => typeof x === 'number' && type !== 'group');
  const places = new Map(added.map((node) => [node.id, cornerOf(node)]));
  const ghosts = [
    ...change.wiresAdded.map((wire) => wireGhost(wire, places)),
    ...added.map((node) => nodeGhost(node, places.get(node.id))),
  ];
  layer.append(svg('g', { class: LAYER, 'pointer-events': 'none' }, ...ghosts.filter((ghost) => ghost !== undefined)));
  for (const { id } of change.removed) mark(id, 'chartwire-ghost-removed');
  for (const { after } of change.changed) mark(after.id, 'chartwire-ghost-changed');
  markWires(change.wiresRemoved);
}

export function hideGhosts(): void {
  document.querySelector(`.${LAYER}`)?.remove();
  for (const name of MARKS) for (const element of document.querySelectorAll(`.${name}`)) element.classList.remove(name);
}

function mark(id: string, name: (typeof MARKS)[number]): void {
  document.getElementById(id)?.classList.add(name);
}

function markWires(wires: readonly WireEnds[]): void {
  const keys = new Set(wires.map(({ from, port, to }) => [from, port, to].join(' ')));
  for (const element of document.querySelectorAll('.red-ui-flow-link')) {
    // What the editor's view keeps there; no part of its own API.
    const { __data__: drawn } = element as Element & {
      __data__?: { source?: { id?: unknown }; sourcePort?: unknown; target?: { id?: unknown } };
    };
    const key = [drawn?.source?.id, drawn?.sourcePort ?? 0, drawn?.target?.id].join(' ');
    if (keys.has(key)) element.classList.add('chartwire-ghost-removed');
  }
}

const HALF_HEIGHT = 15;
const CHARACTER_PX = 7;

function cornerOf({ x, y, name, type }: FlowNode): Corner {
  const width = Math.max(100, (name ?? type).length * CHARACTER_PX + 50);
  return { x: Number(x), y: Number(y), width };
}

function nodeGhost(node: FlowNode, corner: Corner | undefined): SVGElement | undefined {
  if (corner === undefined) return undefined;
  const { x, y, width } = corner;
  return svg(
    'g',
    { class: 'chartwire-ghost' },
    svg('rect', { x: x - width / 2, y: y - HALF_HEIGHT, width, height: 2 * HALF_HEIGHT, rx: 5 }),
    svg('text', { x, y: y + 4, 'text-anchor': 'middle' }, node.name ?? node.type),
  );
}

function wireGhost({ from, to }: WireEnds, places: ReadonlyMap<string, Corner>): SVGElement | undefined {
  const [start, end] = [places.get(from) ?? inEditor(from), places.get(to) ?? inEditor(to)];
  if (start === undefined || end === undefined) return undefined;
  const [x1, x2] = [start.x + start.width / 2, end.x - end.width / 2];
  const bend = Math.max(30, Math.abs(x2 - x1) / 2);
  const d = `M${x1} ${start.y}C${x1 + bend} ${start.y} ${x2 - bend} ${end.y} ${x2} ${end.y}`;
  return svg('path', { class: 'chartwire-ghost', d });
}

function inEditor(id: string): Corner | undefined {
  const node = RED.nodes.node(id) ?? RED.nodes.junction(id);
  if (node?.x === undefined || node.y === undefined) return undefined;
  return { x: node.x, y: node.y, width: typeof node['w'] === 'number' ? node['w'] : 0 };
}
