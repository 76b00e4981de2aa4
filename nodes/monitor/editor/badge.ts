import type { EditorNode } from '../../../types/node-red-editor.d.ts';
import { nodeText, shortFigure } from '../../../src/metrics/figure-text.ts';
import { marksOf } from '../../../src/metrics/live-marks.ts';
import type { LiveNode, LiveReading } from '../../../src/metrics/live-reading.ts';
import { svg } from './svg-element.ts';
import { word } from './words.ts';

const ID = 'chartwire-live';
const HEIGHT = 14;
const CHARACTER_PX = 5.6;

let reading: LiveReading | undefined;

/** At plugin load: registered later, Node-RED draws a badge twice on nodes it is just adding. */
export function registerBadge(): void {
  RED.view.annotations.register(ID, {
    type: 'badge',
    align: 'left',
    class: 'chartwire-live-badge',
    element: badgeOf,
    show: (node: EditorNode) => liveOf(node) !== undefined,
    refresh: () => true,
    tooltip: tooltipOf,
  });
}

/** Redraws the nodes of the tab with their figures, or without. */
export function drawBadges(next: LiveReading | undefined): void {
  reading = next;
  for (const node of RED.nodes.filterNodes({ z: RED.workspaces.active() })) node.dirty = true;
  RED.view.redraw();
}

const liveOf = ({ id }: EditorNode): LiveNode | undefined =>
  reading !== undefined && Object.hasOwn(reading.nodes, id) ? reading.nodes[id] : undefined;

function badgeOf(node: EditorNode): SVGElement {
  const live = liveOf(node);
  if (live === undefined) return svg('g');
  const marks = marksOf(live, node['status']).map((mark) => word(`live.${mark}`));
  const text = [nodeText(live), ...marks].join(' · ');
  const tone = live.errors > 0 ? 'wrong' : marks.length > 0 ? 'held' : live.in + live.out > 0 ? 'busy' : 'idle';
  const width = Math.ceil(text.length * CHARACTER_PX) + 8;
  return svg(
    'g',
    { class: `chartwire-live-${tone}` },
    svg('rect', { width, height: HEIGHT, rx: 3 }),
    svg('text', { x: width / 2, y: 10.5, 'text-anchor': 'middle' }, text),
  );
}

function tooltipOf(node: EditorNode): string {
  const live = liveOf(node);
  if (live === undefined) return '';
  const { in: taken, out, errors, queue } = live;
  return word('live.node', {
    in: shortFigure(taken),
    out: shortFigure(out),
    errors: shortFigure(errors),
    queue: queue === undefined ? '?' : shortFigure(queue),
  });
}
