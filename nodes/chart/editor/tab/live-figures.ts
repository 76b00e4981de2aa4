import { nodeText, wireText } from '../../../../src/metrics/figure-text.ts';
import { wireTone, type LiveReading, type LiveWire } from '../../../../src/metrics/live-reading.ts';
import type { Edge } from '../../../../src/chart/parse/model.ts';
import { svg } from '../picture/svg-element.ts';
import type { ChartSync } from '../sync/chart-sync.ts';
import type { PictureView } from './picture-view.ts';

const TONES = ['idle', 'flowing', 'slow', 'lossy'] as const;
const TEXT = 'chartwire-live-text';

/** The figures that the canvas shows, on the picture too: below each box and at each arrow. */
export class LiveFigures {
  readonly #sync: Pick<ChartSync, 'nodeOf'>;
  readonly #view: PictureView;
  readonly #arrows: () => readonly Pick<Edge, 'id' | 'start' | 'end'>[];
  #reading: LiveReading | undefined;

  constructor(
    sync: Pick<ChartSync, 'nodeOf'>,
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
    const byEnds = new Map<string, LiveWire>();
    for (const wire of this.#reading?.wires ?? []) byEnds.set(`${wire.from} ${wire.to}`, wire);
    return new Map(
      this.#arrows().flatMap(({ id, start, end }): [string, LiveWire][] => {
        const wire = byEnds.get(`${this.#sync.nodeOf(start) ?? ''} ${this.#sync.nodeOf(end) ?? ''}`);
        return wire === undefined ? [] : [[id, wire]];
      }),
    );
  }

  draw(): void {
    const picture = this.#view.picture;
    if (picture === undefined) return;
    for (const [id, box] of picture.boxes) {
      const live = this.#reading?.nodes[this.#sync.nodeOf(id) ?? ''];
      const { height } = box.querySelector<SVGGraphicsElement>('.chartwire-shape')?.getBBox() ?? { height: 0 };
      setText(box, live === undefined ? '' : nodeText(live), { x: 0, y: height / 2 + 12 });
    }
    const wires = this.wires();
    for (const [id, arrow] of picture.arrows) {
      const wire = wires.get(id);
      const tone = wire && wireTone(wire);
      for (const one of TONES) arrow.classList.toggle(`chartwire-tone-${one}`, one === tone);
      setText(arrow, wire === undefined ? '' : wireText(wire), besideLabel(arrow));
    }
  }
}

/** Below the arrow's own label, or at its middle. */
function besideLabel(arrow: SVGGElement): { x: number; y: number } {
  const back = arrow.querySelector<SVGRectElement>('.chartwire-label-back')?.getBBox();
  if (back !== undefined) return { x: back.x + back.width / 2, y: back.y + back.height + 11 };
  const line = arrow.querySelector<SVGPathElement>('.chartwire-arrow-line');
  return line === null ? { x: 0, y: 0 } : line.getPointAtLength(line.getTotalLength() / 2);
}

function setText(parent: SVGGElement, text: string, { x, y }: { x: number; y: number }): void {
  const there = parent.querySelector<SVGTextElement>(`:scope > .${TEXT}`);
  if (text === '') {
    there?.remove();
    return;
  }
  const shown = there ?? svg('text', { class: TEXT, 'text-anchor': 'middle' });
  shown.setAttribute('x', String(x));
  shown.setAttribute('y', String(y));
  shown.textContent = text;
  if (there === null) parent.append(shown);
}
