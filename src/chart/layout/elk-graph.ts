import type { ElkNode, LayoutOptions } from 'elkjs/lib/elk-api.js';
import { type LayoutPlan, outputTop, type PlannedBox, type Rectangle } from './plan.ts';

/** Room inside a group's border; the label stands at its top. */
export const GROUP_ROOM = { top: 50, side: 30, bottom: 30 } as const;

/** Up to this many boxes the slower, tidier placement is worth its time. */
const TIDY = 150;
/** From this many boxes on, time counts more than looks. */
const HUGE = 500;

/** Said for each group too: ELK does not hand it down. */
const SPACING = { 'elk.spacing.nodeNode': '36', 'elk.layered.spacing.nodeNodeBetweenLayers': '40' } as const;

/** The graph ELK lays out: ports fixed where Node-RED draws them, boxes and outputs kept in the chart's order. */
export function elkGraph(plan: LayoutPlan): ElkNode {
  const nodes = new Map<string, ElkNode>();
  for (const box of plan.boxes) nodes.set(box.id, elkBox(box));
  for (const { id } of plan.groups) nodes.set(id, { id, layoutOptions: groupOptions(), children: [] });
  const root: ElkNode = { id: 'root', layoutOptions: optionsFor(plan), children: [], edges: [] };
  for (const part of [...plan.boxes, ...plan.groups]) {
    const parent = part.group === undefined ? root : nodes.get(part.group);
    const node = nodes.get(part.id);
    if (node) parent?.children?.push(node);
  }
  root.edges = plan.wires.map(({ from, output, to }, index) => ({
    id: `wire ${index}`,
    sources: [`out ${output} ${from}`],
    targets: [`in ${to}`],
  }));
  return root;
}

/** Where ELK put things, counted from the part's top left corner; members of a group no longer from the group's. */
export function placesOf(root: ElkNode): Map<string, Rectangle> {
  const places = new Map<string, Rectangle>();
  const collect = (node: ElkNode, left: number, top: number): void => {
    for (const child of node.children ?? []) {
      const { x = 0, y = 0, width = 0, height = 0 } = child;
      places.set(child.id, { x: left + x, y: top + y, width, height });
      collect(child, left + x, top + y);
    }
  };
  collect(root, 0, 0);
  return places;
}

function elkBox({ id, width, height, outputs }: PlannedBox): ElkNode {
  const port = (name: string, side: 'WEST' | 'EAST', x: number, y: number): NonNullable<ElkNode['ports']>[number] => ({
    id: `${name} ${id}`,
    x,
    y,
    width: 0,
    height: 0,
    layoutOptions: { 'elk.port.side': side },
  });
  const ports = Array.from({ length: outputs }, (_, output) =>
    port(`out ${output}`, 'EAST', width, outputTop(height, outputs, output)),
  );
  ports.unshift(port('in', 'WEST', 0, height / 2));
  return { id, width, height, ports, layoutOptions: { 'elk.portConstraints': 'FIXED_POS' } };
}

function groupOptions(): LayoutOptions {
  const { top, side, bottom } = GROUP_ROOM;
  return { 'elk.padding': `[top=${top},left=${side},bottom=${bottom},right=${side}]`, ...SPACING };
}

function optionsFor({ boxes, groups }: LayoutPlan): LayoutOptions {
  const tidy = boxes.length <= TIDY;
  return {
    'elk.algorithm': 'layered',
    'elk.direction': 'RIGHT',
    'elk.randomSeed': '1',
    'elk.separateConnectedComponents': 'false',
    ...SPACING,
    'elk.layered.considerModelOrder.strategy': orderFor(boxes.length),
    'elk.layered.nodePlacement.strategy': tidy ? 'NETWORK_SIMPLEX' : 'BRANDES_KOEPF',
    ...(groups.length > 0 && { 'elk.hierarchyHandling': 'INCLUDE_CHILDREN' }),
    ...(boxes.length > HUGE && { 'elk.layered.thoroughness': '1', 'elk.layered.layering.strategy': 'LONGEST_PATH' }),
  };
}

/** Keeping the order of all boxes takes ELK seconds at 400 and minutes at 1,000; keeping that of the wires is ten times cheaper. */
function orderFor(boxCount: number): string {
  if (boxCount <= TIDY) return 'NODES_AND_EDGES';
  return boxCount <= HUGE ? 'PREFER_EDGES' : 'NONE';
}

/** Whether a part may be laid out with its groups in one go; ELK takes minutes for large nested graphs. */
export const fitsInOneGo = ({ boxes, groups }: LayoutPlan): boolean => groups.length === 0 || boxes.length <= TIDY;
