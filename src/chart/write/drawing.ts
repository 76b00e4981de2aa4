import { type FlowNode, wiresOf } from '../flow-node.ts';
import { quotedLabel } from './label-text.ts';
import { type FlowShape, outputLabels } from './shape-of-flow.ts';

/** The shapes in which nodes are drawn, by the type's first word or whole name; all others are rectangles. */
const BRACKETS: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['inject', ['([', '])']],
  ['switch', ['{', '}']],
  ['chartwire-choose', ['{', '}']],
  ['chartwire-route', ['{', '}']],
  ['junction', ['((', '))']],
  ['comment', ['>', ']']],
  ['link in', ['([', '])']],
  ['link out', ['([', '])']],
  ['function', ['[', ']']],
]);

/** The lines of a chart that show a flow: tabs and groups as subgraphs, nodes as boxes, wires as arrows. */
export function drawingOf(shape: FlowShape): string[] {
  const lines = ['flowchart LR'];
  if (shape.root !== undefined) lines.push(...insideLines(shape, shape.root, '  '));
  else for (const [id, node] of shape.frames) lines.push(...subgraphLines(shape, node ?? { id, type: 'tab' }, '  '));
  lines.push(...arrowLines(shape));
  return lines;
}

function insideLines(shape: FlowShape, id: string, indent: string): string[] {
  return (shape.inside.get(id) ?? []).flatMap((node) =>
    node.type === 'group'
      ? subgraphLines(shape, node, indent)
      : [`${indent}${boxText(shape.chartIds.get(node.id) ?? node.id, node)}`],
  );
}

function subgraphLines(shape: FlowShape, node: FlowNode, indent: string): string[] {
  return [
    `${indent}${subgraphHead(shape.chartIds.get(node.id) ?? node.id, node)}`,
    ...insideLines(shape, node.id, `${indent}  `),
    `${indent}end`,
  ];
}

/** The line that opens a subgraph for a group, tab or subflow. */
export function subgraphHead(chartId: string, node: FlowNode): string {
  const label = node.type === 'tab' ? node['label'] : node['name'];
  const title = typeof label === 'string' && label.trim() !== '' ? label : node.type;
  return `subgraph ${chartId}[${quotedLabel(title)}]`;
}

/** A node as a box of its own shape. */
export function boxText(chartId: string, node: FlowNode): string {
  const [open, close] = BRACKETS.get(node.type) ?? (node.type.startsWith('subflow:') ? ['[[', ']]'] : ['[', ']']);
  const { name } = node;
  const label = typeof name === 'string' && name.trim() !== '' ? name : node.type.replace(/^subflow:.*/, 'subflow');
  return `${chartId}${open}${quotedLabel(label)}${close}`;
}

/** Wires in the order of the flow; what goes from a link out to a link in is dotted and no wire. */
function arrowLines({ drawn, chartIds }: FlowShape): string[] {
  return drawn.flatMap((node) => {
    const from = chartIds.get(node.id);
    const wires = wiresOf(node);
    const labels = wires.length > 1 ? outputLabels(node) : [];
    return wires.flatMap((targets, port) =>
      [...new Set(targets)].flatMap((target) => {
        const to = chartIds.get(target);
        const label = labels[port];
        if (to === undefined) return [];
        return [`  ${from} -->${label === undefined ? '' : `|${quotedLabel(label)}|`} ${to}`];
      }),
    );
  });
}
