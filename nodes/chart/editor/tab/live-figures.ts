import { nodeText, wireLines } from '../../../../src/metrics/figure-text.ts';
import { marksOf } from '../../../../src/metrics/live-marks.ts';
import { wireTone, type LiveReading, type LiveWire } from '../../../../src/metrics/live-reading.ts';
import type { Edge } from '../../../../src/chart/parse/model.ts';
import { svg } from '../picture/svg-element.ts';
import type { Picture } from '../picture/picture.ts';
import type { ChartSync } from '../sync/chart-sync.ts';
import { word } from '../words.ts';
import type { PictureView } from './picture-view.ts';

const TONES = ['idle', 'flowing', 'slow', 'lossy'] as const;
const TEXT = 'chartwire-live-text';
const LINE_PX = 14;
/** What may stand for an arrow in the flow, by the end of its name. */
const BETWEEN = ['failed', 'control', 'return', 'answer', 'out', 'in'];
const NO_SIZE = { width: 0, height: 0 };

interface TextPlace {
  readonly x: number;
  readonly y: number;
  readonly anchor?: string;
}

/** The figures that the canvas shows, on the picture too: above each box and at each arrow. */
export class LiveFigures {
  readonly #sync: Pick<ChartSync, 'nodes'>;
  readonly #view: PictureView;
  readonly #arrows: () => readonly Pick<Edge, 'id' | 'start' | 'end'>[];
  #reading: LiveReading | undefined;
  /** The picture that has figures now. */
  #shown: Picture | undefined;

  constructor(
    sync: Pick<ChartSync, 'nodes'>,
    view: PictureView,
    arrows: () => readonly Pick<Edge, 'id' | 'start' | 'end'>[],
  ) {
    this.#sync = sync;
    this.#view = view;
    this.#arrows = arrows;
    // The live view of another plugin says it: one question a second is enough for both.
    RED.events.on('chartwire:live', (reading) => {
      this.#reading = reading as LiveReading | undefined;
      if (view.element.checkVisibility()) this.draw();
    });
  }

  get reading(): LiveReading | undefined {
    return this.#reading;
  }

  /** What goes over each arrow of the picture, by its id. Arrows that are no wire are left out. */
  wires(): Map<string, LiveWire> {
    // Two arrows between the same boxes are two outputs, in this order; one output has one wire there, whatever is drawn.
    const byEnds = Map.groupBy(this.#reading?.wires ?? [], ({ from, to }) => `${from} ${to}`);
    const used = new Map<string, number>();
    const wireBetween = (ends: string): LiveWire | undefined => {
      const wires = byEnds.get(ends);
      const at = used.get(ends) ?? 0;
      used.set(ends, at + 1);
      return wires?.[Math.min(at, wires.length - 1)];
    };
    const nodes = this.#sync.nodes();
    return new Map(
      this.#arrows().flatMap(({ id, start, end }): [string, LiveWire][] => {
        const [from, to] = [nodes.get(start) ?? '', nodes.get(end) ?? ''];
        const between = BETWEEN.map((what) => nodes.get(`${id}_${what}`)).filter((node) => node !== undefined);
        const ends = [`${from} ${to}`, ...between.flatMap((node) => [`${from} ${node}`, `${node} ${to}`])];
        const pair = ends.find((one) => byEnds.has(one));
        const wire = pair === undefined ? undefined : wireBetween(pair);
        return wire === undefined ? [] : [[id, wire]];
      }),
    );
  }

  draw(): void {
    this.#view.makeRoom(this.#reading !== undefined);
    const picture = this.#view.picture;
    if (picture === undefined) return;
    for (const text of picture.element.querySelectorAll(`.${TEXT}`)) text.remove();
    if (this.#reading === undefined && this.#shown !== picture) return;
    this.#shown = this.#reading === undefined ? undefined : picture;
    const nodes = this.#sync.nodes();
    for (const [id, box] of picture.boxes) {
      const live = this.#reading?.nodes[nodes.get(id) ?? ''];
      const marks = live === undefined ? [] : marksOf(live, RED.nodes.node(nodes.get(id) ?? '')?.['status']);
      box.classList.toggle('chartwire-held', marks.length > 0);
      if (live === undefined) continue;
      const { width, height } = picture.sizes.get(id) ?? NO_SIZE;
      const said = [nodeText(live), ...marks.map((mark) => word(`tab.${mark}`))].join(' · ');
      addText(box, [said], { x: -width / 2, y: -height / 2 - 4, anchor: 'start' });
    }
    const wires = this.wires();
    for (const [id, arrow] of picture.arrows) {
      const wire = wires.get(id);
      const tone = wire && wireTone(wire);
      for (const one of TONES) arrow.classList.toggle(`chartwire-tone-${one}`, one === tone);
      const place = arrow.querySelector<SVGGElement>('.chartwire-arrow-figures');
      const lines = wire === undefined ? [] : wireLines(wire);
      if (lines.length > 0 && place !== null) addText(place, lines, { x: 0, y: 0 });
    }
  }
}

function addText(parent: SVGGElement, lines: readonly string[], { x, y, anchor = 'middle' }: TextPlace): void {
  const spans = lines.map((line, at) => svg('tspan', { x, y: y + at * LINE_PX }, line));
  parent.append(svg('text', { class: TEXT, 'text-anchor': anchor }, ...spans));
}
