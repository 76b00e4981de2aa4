import { type Data, merged, writtenText } from './data.ts';
import type { ChartModel, Edge } from './model.ts';
import type { Report } from './span.ts';
import type { LinkStyleStatement, LinkSyntax } from './syntax.ts';

/** `a & b & … --> x & y & …` means every pair: a page of text could fill the memory. */
const MOST_EDGES = 20_000;

/** The edges of a model: their ids, data and styles. */
export class LinkBuilder {
  readonly #model: ChartModel;
  readonly #report: Report;
  readonly #byId = new Map<string, Edge>();
  /** How many arrows lead from one box to another; no id holds a line end. */
  readonly #counts = new Map<string, number>();
  #isFull = false;

  constructor(model: ChartModel, report: Report) {
    this.#model = model;
    this.#report = report;
  }

  get(id: string): Edge | undefined {
    return this.#byId.get(id);
  }

  /** Every source to every target; an id given to the arrow names the edge from the last source to the first target. */
  connect(sources: readonly string[], targets: readonly string[], link: LinkSyntax): void {
    if (this.#model.edges.length + sources.length * targets.length > MOST_EDGES) {
      if (!this.#isFull) this.#report(link.span, `at most ${MOST_EDGES} arrows`, 'The chart has too many arrows.');
      this.#isFull = true;
      return;
    }
    for (const start of sources) {
      for (const end of targets) {
        this.#add(start, end, link, start === sources.at(-1) && end === targets[0] ? link.id?.text : undefined);
      }
    }
  }

  #add(start: string, end: string, link: LinkSyntax, name: string | undefined): void {
    const pair = `${start}\n${end}`;
    const count = this.#counts.get(pair) ?? 0;
    this.#counts.set(pair, count + 1);
    const isUserDefinedId = name !== undefined && !this.#byId.has(name);
    const id = isUserDefinedId ? name : `L_${start}_${end}_${count === 0 ? 0 : count + 1}`;
    const { type, stroke, length, span } = link;
    const { text, type: labelType } = link.label ?? { text: '', type: 'text' as const };
    const { defaultInterpolate: interpolate } = this.#model;
    const edge: Edge = {
      start,
      end,
      id,
      isUserDefinedId,
      type,
      stroke,
      text,
      labelType,
      classes: [],
      span,
      ...(length !== undefined && { length }),
      ...(interpolate !== undefined && { interpolate }),
    };
    this.#model.edges.push(edge);
    if (!this.#byId.has(id)) this.#byId.set(id, edge);
  }

  /** Whether the id is an edge's; if so the data is the edge's. */
  setData(id: string, data: Data | undefined): boolean {
    const edge = this.#byId.get(id);
    if (!edge) return false;
    if (!data) return true;
    edge.data = merged(edge.data, data);
    if (data.has('animate')) edge.animate = data.get('animate');
    if (data.has('animation')) edge.animation = data.get('animation');
    const step = data.get('step');
    if (typeof step === 'number' && Number.isInteger(step) && step > 0) edge.step = step;
    const curve = data.get('curve');
    if (curve !== undefined) edge.interpolate = writtenText(curve);
    return true;
  }

  style({ targets, interpolate, styles, span }: LinkStyleStatement): void {
    for (const target of targets) {
      const edge = target === 'default' ? undefined : this.#model.edges[target];
      if (target === 'default') {
        if (interpolate !== undefined) this.#model.defaultInterpolate = interpolate;
        if (styles) this.#model.defaultStyle = styles;
      } else if (!edge) {
        const last = this.#model.edges.length - 1;
        this.#report(
          span,
          last < 0 ? 'an arrow before it' : `link numbers from 0 to ${last}`,
          `There is no link ${target}.`,
        );
      } else {
        if (interpolate !== undefined) edge.interpolate = interpolate;
        if (styles)
          edge.style = styles.some((style) => style.startsWith('fill')) ? [...styles] : [...styles, 'fill:none'];
      }
    }
  }
}
