import { flowId } from '../ids.ts';
import type { Edge } from '../parse/model.ts';
import type { Entry } from './entry.ts';
import type { Arrow, ChartGraph } from './graph.ts';
import type { Relay } from './relay-maker.ts';

/** The ways of a chart to and from other charts. */
export interface ChartLinks {
  readonly arrows: readonly Arrow[];
  readonly relays: readonly Relay[];
  /** Boxes whose messages come from another chart. */
  readonly fed: ReadonlySet<string>;
}

/**
 * A box with `link: other chart#box` in the flow block stands for the box of the other chart, which says the same of this one. Where
 * arrows lead to it, its messages go on there; where none do, they come from there.
 */
export function chartLinksOf(
  { boxes }: ChartGraph,
  block: ReadonlyMap<string, Entry>,
  ways: readonly Arrow[],
): ChartLinks {
  const reached = new Set(ways.map(({ to }) => to));
  const relays: Relay[] = [];
  const arrows: Arrow[] = [];
  const fed = new Set<string>();
  for (const [id, vertex] of boxes) {
    const link = block.get(id)?.link;
    if (!link) continue;
    const leads = reached.has(id);
    const chartId = `${id}${leads ? '_out' : '_in'}`;
    const edge: Edge = { ...WIRE, id: chartId, start: id, end: link.box, classes: [], span: vertex.span };
    const arrow = { kind: 'data' as const, label: '', edge };
    arrows.push(leads ? { ...arrow, from: id, to: chartId } : { ...arrow, from: chartId, to: id });
    if (!leads) fed.add(id);
    relays.push({
      chartId,
      name: `${link.chart}: ${link.box}`,
      type: leads ? 'link out' : 'link in',
      settings: {
        links: [flowId(link.chart, 'box', `${link.box}${leads ? '_in' : '_out'}`)],
        ...(leads && { mode: 'link' }),
      },
      refers: {},
      beside: boxes.has(chartId) ? chartId : id,
      why: `the flow block says that ${id} is ${link.box} of the chart "${link.chart}"`,
      linkOf: id,
    });
  }
  return { arrows, relays, fed };
}

const WIRE = { isUserDefinedId: false, type: 'arrow_point', stroke: 'normal', text: '', labelType: 'text' } as const;
