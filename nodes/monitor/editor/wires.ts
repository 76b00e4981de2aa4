import { wireParts } from '../../../src/metrics/figure-text.ts';
import { wireTone, type LiveReading, type LiveWire } from '../../../src/metrics/live-reading.ts';
import { svg } from './svg-element.ts';

/** What the editor's view keeps at the element of a wire; no part of its own API. */
interface DrawnWire {
  readonly source?: { readonly id?: unknown };
  readonly sourcePort?: unknown;
  readonly target?: { readonly id?: unknown };
}

const TONES = ['idle', 'flowing', 'slow', 'lossy'] as const;
const LAYER = 'chartwire-live-labels';
const LINE_PX = 11;
const CHARACTER_PX = 5.2;

/** Labels and colours every wire on the canvas, or takes both away again. */
export function drawWires(reading: LiveReading | undefined): void {
  const wires = new Map(reading?.wires.map((wire) => [keyOf(wire.from, wire.port, wire.to), wire]));
  const labels: SVGElement[] = [];
  for (const element of document.querySelectorAll<SVGGElement>('.red-ui-flow-link')) {
    const drawn = (element as SVGGElement & { __data__?: DrawnWire }).__data__;
    const wire = wires.get(keyOf(drawn?.source?.id, drawn?.sourcePort, drawn?.target?.id));
    const tone = wire && wireTone(wire);
    for (const one of TONES) element.classList.toggle(`chartwire-wire-${one}`, one === tone);
    const line = element.querySelector<SVGPathElement>('.red-ui-flow-link-line');
    if (wire !== undefined && line !== null) labels.push(...labelOf(wire, line));
  }
  // Above the nodes: a label is often longer than its wire.
  document.querySelector(`.${LAYER}`)?.remove();
  if (labels.length === 0) return;
  const canvas = document.querySelector('#red-ui-workspace-chart .red-ui-workspace-chart-event-layer');
  canvas?.append(svg('g', { class: LAYER, 'pointer-events': 'none' }, ...labels));
}

const keyOf = (from: unknown, port: unknown, to: unknown): string => [from, port ?? 0, to].join(' ');

/** Beside a long wire one line; at a short one a line for each figure, as many as have room between two nodes. */
function labelOf(wire: LiveWire, line: SVGPathElement): SVGElement[] {
  const parts = wireParts(wire);
  if (parts.length === 0) return [];
  const length = line.getTotalLength();
  const { x, y } = line.getPointAtLength(length / 2);
  const whole = parts.join(' · ');
  const lines = whole.length * CHARACTER_PX < length ? [whole] : parts.slice(0, wire.loss > 0 ? 3 : 2);
  const first = lines.length === 1 ? y - 5 : y - 4 - LINE_PX * (lines.length - 2);
  const spans = lines.map((text, at) =>
    svg('tspan', { x, y: first + at * LINE_PX + (at === lines.length - 1 && at > 0 ? 5 : 0) }, text),
  );
  return [svg('text', { class: 'chartwire-live-label', 'text-anchor': 'middle' }, svg('title', {}, whole), ...spans)];
}
