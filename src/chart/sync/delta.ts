import type { ReadChart } from '../derive.ts';
import { type FlowNode, wiresOf } from '../flow-node.ts';
import type { Arrow } from '../profile/graph.ts';
import type { Step } from '../profile/step.ts';

/** A wire in the chart's words. */
export interface WantedArrow {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

/** What must change in the drawing so that it shows the flow that is wanted. All ids are the chart's. */
export interface Delta {
  readonly goneBoxes: ReadonlySet<string>;
  readonly goneGroups: ReadonlySet<string>;
  readonly newGroups: readonly FlowNode[];
  readonly newBoxes: readonly FlowNode[];
  /** Boxes and groups that are to stand in another group, or in none. */
  readonly moved: ReadonlyMap<string, string | undefined>;
  readonly goneArrows: ReadonlySet<Arrow>;
  readonly newArrows: readonly WantedArrow[];
  readonly isEmpty: boolean;
}

/** The names of nodes in the chart, both ways. */
export interface Names {
  readonly chartId: ReadonlyMap<string, string>;
  readonly nodeId: ReadonlyMap<string, string>;
}

/** The output an arrow leaves from. */
export function portOf({ labelled, outputs }: Step, label: string): number {
  return labelled
    ? Math.max(
        0,
        outputs.findIndex((output) => output.label === label),
      )
    : 0;
}

/** Where a node is to stand: its group, else the subgraph that is its tab, else nowhere. */
export function parentIn(node: FlowNode, { chartId }: Names): string | undefined {
  const { g, z } = node;
  const group = typeof g === 'string' ? chartId.get(g) : undefined;
  return group ?? (typeof z === 'string' ? chartId.get(z) : undefined);
}

const isGroup = ({ type }: FlowNode): boolean => type === 'group' || type === 'tab' || type === 'subflow';

/** Compares what a chart shows with what it is to show. `drawn` are the wanted nodes that a chart draws. */
export function deltaOf({ profile }: ReadChart, drawn: readonly FlowNode[], names: Names): Delta {
  const wanted = new Map(drawn.map((node) => [names.chartId.get(node.id) ?? '', node]));
  const boxes = new Map(profile.steps.map((step) => [step.chartId, step]));
  const groups = new Set(profile.groups.map(({ id }) => id));
  const goneBoxes = new Set([...boxes.keys()].filter((id) => !wanted.has(id)));
  const goneGroups = new Set([...groups].filter((id) => !wanted.has(id)));
  const added = [...wanted].filter(([id]) => !boxes.has(id) && !groups.has(id)).map(([, node]) => node);
  const moved = new Map<string, string | undefined>();
  for (const [id, node] of wanted) {
    // Tabs and subflows stand nowhere in a flow: where the chart draws them is its own affair.
    if ((!boxes.has(id) && !groups.has(id)) || (isGroup(node) && node.type !== 'group')) continue;
    const parent = parentIn(node, names);
    if (parent !== profile.parentOf.get(id)) moved.set(id, parent);
  }
  const { goneArrows, newArrows } = arrowDelta(profile.arrows, boxes, wanted, names);
  const newGroups = added.filter(isGroup);
  const newBoxes = added.filter((node) => !isGroup(node));
  const sizes = [goneBoxes.size, goneGroups.size, added.length, moved.size, goneArrows.size, newArrows.length];
  return {
    goneBoxes,
    goneGroups,
    newGroups,
    newBoxes,
    moved,
    goneArrows,
    newArrows,
    isEmpty: sizes.every((size) => size === 0),
  };
}

function arrowDelta(
  arrows: readonly Arrow[],
  boxes: ReadonlyMap<string, Step>,
  wanted: ReadonlyMap<string, FlowNode>,
  names: Names,
): { goneArrows: Set<Arrow>; newArrows: WantedArrow[] } {
  const key = (from: string, port: number, to: string): string => `${from}\0${port}\0${to}`;
  const missing = new Map<string, WantedArrow>();
  for (const [from, node] of wanted) {
    const step = boxes.get(from);
    for (const [port, targets] of wiresOf(node).entries()) {
      const label = step?.labelled === true ? (step.outputs[port]?.label ?? '') : '';
      for (const target of targets) {
        const to = names.chartId.get(target);
        if (to !== undefined && wanted.has(to)) missing.set(key(from, port, to), { from, to, label });
      }
    }
  }
  const present = new Set<string>();
  const goneArrows = new Set<Arrow>();
  for (const arrow of arrows) {
    const step = boxes.get(arrow.from);
    const wire = key(arrow.from, step ? portOf(step, arrow.label) : 0, arrow.to);
    if (missing.has(wire)) present.add(wire);
    else goneArrows.add(arrow);
  }
  return { goneArrows, newArrows: [...missing].filter(([wire]) => !present.has(wire)).map(([, arrow]) => arrow) };
}
