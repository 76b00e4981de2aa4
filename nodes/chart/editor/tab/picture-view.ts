import type { ChartModel } from '../../../../src/chart/parse/model.ts';
import { element } from '../element.ts';
import { limits } from '../limits.ts';
import { drawChart } from '../picture/draw-chart.ts';
import { Picture } from '../picture/picture.ts';
import { word } from '../words.ts';
import { nextBox } from './next-box.ts';

interface PictureEvents {
  /** A box was chosen, by the mouse or a key. */
  readonly onSelect: (id: string) => void;
}

/** The chart drawn beside its text. One box is in the order of focus; arrow keys go from box to box. */
export class PictureView {
  readonly element: HTMLElement;
  readonly #onSelect: (id: string) => void;
  #picture: Picture | undefined;
  #drawn: ChartModel | undefined;
  #title = '';
  /** Whether there is room for figures at the arrows. */
  #hasRoom = false;
  #focused: string | undefined;
  #selected: ReadonlySet<string> = new Set();

  constructor({ onSelect }: PictureEvents) {
    this.#onSelect = onSelect;
    this.element = element('div', { class: 'chartwire-tab-picture' });
    this.element.addEventListener('click', (event) => this.#choose(event.target));
    this.element.addEventListener('keydown', (event) => this.#onKey(event));
  }

  get picture(): Picture | undefined {
    return this.#picture;
  }

  /** Draws a chart; undefined takes the picture away. */
  show(model: ChartModel | undefined, title: string): void {
    if (model === this.#drawn) return;
    this.#drawn = model;
    this.#title = title;
    this.#draw();
  }

  /** Draws the chart again with room for figures at its arrows, or without. */
  makeRoom(forFigures: boolean): void {
    if (forFigures === this.#hasRoom) return;
    this.#hasRoom = forFigures;
    if (this.#drawn !== undefined) this.#draw();
  }

  #draw(): void {
    const model = this.#drawn;
    const hadFocus = this.element.contains(document.activeElement);
    // A picture of more would be too slow to draw while somebody writes, and too full to be read.
    const { maxPictureBoxes } = limits();
    if (model === undefined || model.vertices.size === 0 || model.vertices.size > maxPictureBoxes) {
      this.#picture = undefined;
      const large = model !== undefined && model.vertices.size > maxPictureBoxes;
      const note = large ? word('tab.tooLarge', { count: maxPictureBoxes }) : word('tab.nothing');
      this.element.replaceChildren(element('p', { class: 'chartwire-chart-note' }, note));
      return;
    }
    this.#picture ??= new Picture(this.#title);
    this.#picture.draw(drawChart(model, this.#hasRoom));
    if (this.#picture.element.parentElement === null) this.element.replaceChildren(this.#picture.element);
    if (this.#focused === undefined || !this.#picture.boxes.has(this.#focused))
      this.#focused = this.#picture.boxes.keys().next().value;
    this.#setTabStop();
    if (hadFocus && this.#focused !== undefined) this.#picture.boxes.get(this.#focused)?.focus();
    this.#mark();
  }

  /** Marks boxes as selected and shows the first of them. */
  select(ids: ReadonlySet<string>): void {
    if (ids === this.#selected) return;
    this.#selected = ids;
    this.#mark();
    const [first] = ids;
    const box = first === undefined ? undefined : this.#picture?.boxes.get(first);
    if (first === undefined || box === undefined) return;
    this.#focused = first;
    this.#setTabStop();
    if (this.element.checkVisibility()) scrollTo(this.element, box);
  }

  #mark(): void {
    for (const [id, box] of this.#picture?.boxes ?? []) {
      box.classList.toggle('chartwire-selected', this.#selected.has(id));
      box.setAttribute('aria-pressed', String(this.#selected.has(id)));
    }
  }

  #setTabStop(): void {
    for (const [id, box] of this.#picture?.boxes ?? []) box.setAttribute('tabindex', id === this.#focused ? '0' : '-1');
  }

  #choose(target: EventTarget | null): void {
    const id = idOf(target);
    if (id === undefined) return;
    this.#focus(id);
    this.#onSelect(id);
  }

  #onKey(event: KeyboardEvent): void {
    const id = idOf(event.target);
    if (id === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' || event.key === ' ') this.#onSelect(id);
    else {
      const next = nextBox(this.#picture?.boxes ?? new Map(), id, event.key);
      if (next === undefined) return;
      this.#focus(next);
    }
    event.preventDefault();
    event.stopPropagation();
  }

  #focus(id: string): void {
    this.#focused = id;
    this.#setTabStop();
    this.#picture?.boxes.get(id)?.focus();
  }
}

function idOf(target: EventTarget | null): string | undefined {
  const box = target instanceof Element ? target.closest('.chartwire-box') : null;
  return box?.getAttribute('data-id') ?? undefined;
}

/** Only the picture scrolls: `scrollIntoView` would move the whole editor. */
function scrollTo(place: HTMLElement, box: Element): void {
  const [outer, inner] = [place.getBoundingClientRect(), box.getBoundingClientRect()];
  const outside =
    inner.left < outer.left || inner.right > outer.right || inner.top < outer.top || inner.bottom > outer.bottom;
  if (!outside) return;
  place.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
  place.scrollTop += inner.top + inner.height / 2 - outer.top - outer.height / 2;
}
