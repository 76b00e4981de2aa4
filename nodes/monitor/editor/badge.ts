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
/** The badge that was last drawn at each node, and what it says. */
const drawn = new Map<string, { readonly element: SVGElement; badge: Badge | undefined }>();

interface Badge {
  readonly text: string;
  readonly tone: 'wrong' | 'held' | 'busy' | 'idle';
}

/** At plugin load: registered later, Node-RED draws a badge twice on nodes it is just adding. */
export function registerBadge(): void {
  RED.view.annotations.register(ID, {
    type: 'badge',
    align: 'left',
    class: 'chartwire-live-badge',
    element: badgeOf,
    show: (node: EditorNode) => liveOf(node) !== undefined,
    refresh: (node: EditorNode) => !rewrite(node),
    tooltip: tooltipOf,
  });
}

/**
 * Shows other figures, or none. The view is drawn again only when badges come, go or change their width: it asks the browser for the
 * place of every badge then, which in a large flow takes longer than a writer should wait.
 */
export function drawBadges(next: LiveReading | undefined): void {
  reading = next;
  const others = RED.nodes.filterNodes({ z: RED.workspaces.active() }).filter((node) => !rewrite(node));
  for (const node of others) node.dirty = true;
  if (others.length > 0) RED.view.redraw();
}

/** Writes the figures into the badge that is there; false where another one is needed. */
function rewrite(node: EditorNode): boolean {
  const badge = saidAt(node);
  const last = drawn.get(node.id);
  if (badge === undefined || last === undefined) return badge === last?.badge;
  const { element, badge: before } = last;
  if (before?.text.length !== badge.text.length || !element.isConnected) return false;
  last.badge = badge;
  element.setAttribute('class', classOf(badge));
  const [text] = element.getElementsByTagName('text');
  if (text !== undefined && text.textContent !== badge.text) text.textContent = badge.text;
  return true;
}

const classOf = ({ tone }: Badge): string => `chartwire-live-${tone}`;

const liveOf = ({ id }: EditorNode): LiveNode | undefined =>
  reading !== undefined && Object.hasOwn(reading.nodes, id) ? reading.nodes[id] : undefined;

function saidAt(node: EditorNode): Badge | undefined {
  const live = liveOf(node);
  if (live === undefined) return undefined;
  const marks = marksOf(live, node['status']).map((mark) => word(`live.${mark}`));
  const text = [nodeText(live), ...marks].join(' · ');
  const tone = live.errors > 0 ? 'wrong' : marks.length > 0 ? 'held' : live.in + live.out > 0 ? 'busy' : 'idle';
  return { text, tone };
}

function badgeOf(node: EditorNode): SVGElement {
  const badge = saidAt(node);
  const element = badge === undefined ? svg('g') : badgeElement(badge);
  drawn.set(node.id, { element, badge });
  return element;
}

function badgeElement(badge: Badge): SVGElement {
  const { text } = badge;
  const width = Math.ceil(text.length * CHARACTER_PX) + 8;
  return svg(
    'g',
    { class: classOf(badge) },
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
