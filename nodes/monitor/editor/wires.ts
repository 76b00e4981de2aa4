import { wireParts } from '../../../src/metrics/figure-text.ts';
import { wireTone, type LiveReading } from '../../../src/metrics/live-reading.ts';
import { svg } from './svg-element.ts';
import { wireLabels, type Course, type LabelLine, type WireFigures } from './wire-labels.ts';

/** What the editor's view keeps at the element of a wire; no part of its own API. */
interface DrawnWire {
  readonly source?: { readonly id?: unknown };
  readonly sourcePort?: unknown;
  readonly target?: { readonly id?: unknown };
}

const TONES = ['idle', 'flowing', 'slow', 'lossy'] as const;
const LAYER = 'chartwire-live-labels';
/** How each wire runs. To ask the browser takes longer than all the rest, and most wires stay where they are. */
const courses = new WeakMap<SVGPathElement, Course & { readonly line: string | null }>();

/** Labels and colours every wire on the canvas, or takes both away again. */
export function drawWires(reading: LiveReading | undefined): void {
  const wires = new Map(reading?.wires.map((wire) => [keyOf(wire.from, wire.port, wire.to), wire]));
  const figures: WireFigures[] = [];
  for (const element of document.querySelectorAll<SVGGElement>('.red-ui-flow-link')) {
    const drawn = (element as SVGGElement & { __data__?: DrawnWire }).__data__;
    const wire = wires.get(keyOf(drawn?.source?.id, drawn?.sourcePort, drawn?.target?.id));
    const tone = wire && wireTone(wire);
    for (const one of TONES) element.classList.toggle(`chartwire-wire-${one}`, one === tone);
    const line = element.querySelector<SVGPathElement>('.red-ui-flow-link-line');
    const parts = wire === undefined ? [] : wireParts(wire);
    sayAt(element, parts.join(' · '));
    if (parts.length > 0 && line !== null) figures.push({ parts, ...courseOf(line) });
  }
  // Above the nodes: a label is often longer than its wire.
  document.querySelector(`.${LAYER}`)?.remove();
  if (figures.length === 0) return;
  const canvas = document.querySelector('#red-ui-workspace-chart .red-ui-workspace-chart-event-layer');
  canvas?.append(svg('g', { class: LAYER, 'pointer-events': 'none' }, ...wireLabels(figures).map(labelElement)));
}

function labelElement(lines: readonly LabelLine[]): SVGElement {
  const spans = lines.map(({ text, x, y }) => svg('tspan', { x, y }, text));
  return svg('text', { class: 'chartwire-live-label', 'text-anchor': 'middle' }, ...spans);
}

const keyOf = (from: unknown, port: unknown, to: unknown): string => [from, port ?? 0, to].join(' ');

/** What is read out at a wire, and shown when the mouse rests on it. */
function sayAt(wire: SVGGElement, text: string): void {
  const title = wire.querySelector(':scope > title');
  if (text === '') title?.remove();
  else if (title === null) wire.prepend(svg('title', {}, text));
  else title.textContent = text;
}

function courseOf(path: SVGPathElement): Course {
  const known = courses.get(path);
  const line = path.getAttribute('d');
  if (known?.line === line) return known;
  const length = path.getTotalLength();
  const { x, y } = path.getPointAtLength(length / 2);
  const course = { line, length, x, y };
  courses.set(path, course);
  return course;
}
