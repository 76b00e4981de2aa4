import type { Drawing, Size } from './drawing.ts';
import { arrowElement, boxElement, groupElement, markers } from './picture-parts.ts';
import { svg } from './svg-element.ts';

/** How far a picture shrinks to fit. */
const SMALLEST = 0.6;

let pictures = 0;

/**
 * A chart as SVG. All of its text becomes text; nothing of it is ever read as markup, address or script. Drawn again, it keeps
 * the elements of what has not changed: to a browser a new element costs more than all the rest.
 */
export class Picture {
  readonly element: SVGSVGElement;
  readonly #marks: string;
  readonly #groups = new Layer();
  readonly #arrows = new Layer();
  readonly #boxes = new Layer();
  #sizes: ReadonlyMap<string, Size> = new Map();

  constructor(title: string) {
    pictures += 1;
    this.#marks = `chartwire-mark-${pictures}`;
    const layers = [this.#groups, this.#arrows, this.#boxes].map(({ element }) => element);
    const look = { class: 'chartwire-picture', role: 'group', 'aria-label': title };
    this.element = svg('svg', look, markers(this.#marks), ...layers);
  }

  /** The elements of boxes and arrows by their ids. */
  get boxes(): ReadonlyMap<string, SVGGElement> {
    return this.#boxes.elements;
  }

  /** How large each box is: to ask the browser would cost it a layout. */
  get sizes(): ReadonlyMap<string, Size> {
    return this.#sizes;
  }

  get arrows(): ReadonlyMap<string, SVGGElement> {
    return this.#arrows.elements;
  }

  draw({ groups, arrows, boxes, ...size }: Drawing): void {
    const [width, height] = [Math.ceil(size.width), Math.ceil(size.height)];
    for (const [name, value] of Object.entries({ viewBox: `0 0 ${width} ${height}`, width, height }))
      if (this.element.getAttribute(name) !== String(value)) this.element.setAttribute(name, String(value));
    // It shrinks to fit beside the text, but not until nobody can read it.
    this.element.style.minWidth = `${Math.ceil(size.width * SMALLEST)}px`;
    this.#groups.fill(groups, groupElement);
    this.#arrows.fill(arrows, (arrow) => arrowElement(arrow, this.#marks));
    this.#boxes.fill(
      boxes.map(({ x: _x, y: _y, ...box }) => box),
      boxElement,
    );
    this.#sizes = new Map(boxes.map((box) => [box.id, box]));
    for (const { id, x, y } of boxes) {
      const [box, place] = [this.boxes.get(id), `translate(${x} ${y})`];
      if (box !== undefined && box.getAttribute('transform') !== place) box.setAttribute('transform', place);
    }
  }
}

/** Parts of one kind, in their order. */
class Layer {
  readonly element = svg('g');
  #elements: ReadonlyMap<string, SVGGElement> = new Map();
  #saying: ReadonlyMap<string, string> = new Map();

  get elements(): ReadonlyMap<string, SVGGElement> {
    return this.#elements;
  }

  fill<Part extends { readonly id: string }>(parts: readonly Part[], make: (part: Part) => SVGGElement): void {
    const saying = new Map(parts.map((part) => [part.id, JSON.stringify(part)]));
    const kept = new Map([...this.#elements].filter(([id]) => saying.get(id) === this.#saying.get(id)));
    for (const [id, element] of this.#elements) if (!kept.has(id)) element.remove();
    const elements = new Map<string, SVGGElement>();
    let next = this.element.firstChild;
    for (const part of parts) {
      const element = (elements.has(part.id) ? undefined : kept.get(part.id)) ?? make(part);
      elements.set(part.id, element);
      if (element === next) next = element.nextSibling;
      else this.element.insertBefore(element, next);
    }
    while (next !== null) {
      const rest = next;
      next = next.nextSibling;
      rest.remove();
    }
    this.#elements = elements;
    this.#saying = saying;
  }
}
