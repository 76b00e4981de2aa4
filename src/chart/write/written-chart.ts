import { derive, readChart } from '../derive.ts';
import { type FlowNode, sameValue, wiresOf } from '../flow-node.ts';
import { isSink } from '../profile/types.ts';
import { chartIds } from './chart-ids.ts';
import { drawingOf } from './drawing.ts';
import { correctEntry, entryOf, type WrittenEntry } from './entries.ts';
import { withoutSecrets } from './secrets.ts';
import { type FlowShape, outputLabels, shapeOfFlow } from './shape-of-flow.ts';
import { yamlBlock } from './yaml-block.ts';

const NOWHERE = new Map<string, never>();

/** A chart that says all that a flow says, but for its secrets. */
export function writtenChart(flow: readonly FlowNode[]): string {
  const shape = shapeOfFlow(flow.map(withoutSecrets));
  const drawing = drawingOf(shape);
  const entries = entriesOf(shape);
  const text = compose(shape, entries, drawing);
  return correct(text, shape, entries) ? compose(shape, entries, drawing) : text;
}

/** Reads the chart back and lets the entries say what the drawing cannot. */
function correct(text: string, shape: FlowShape, entries: Map<string, WrittenEntry>): boolean {
  const { nodes } = derive(readChart(text), NOWHERE, {});
  const given = new Map(nodes.map((node) => [node.id, node]));
  let corrected = false;
  for (const node of [...shape.frames.values(), ...shape.drawn]) {
    const was = node && given.get(node.id);
    const entry = node && entries.get(keyOf(shape, node.id));
    if (was && entry && correctEntry(entry, was, node, labelKey(node))) corrected = true;
  }
  const order = nodes.map(({ id }) => id);
  const wanted = shape.flow.map(({ id }) => id);
  if (sameValue(order, wanted)) return corrected;
  entries.set('$order', { outs: wanted });
  return true;
}

const labelKey = ({ type }: FlowNode): string => (type === 'tab' ? 'label' : 'name');
const keyOf = ({ root, chartIds }: FlowShape, id: string): string => (id === root ? '$tab' : (chartIds.get(id) ?? id));

/** An entry for each node, in the order of the flow; those that are not drawn stand together. */
function entriesOf(shape: FlowShape): Map<string, WrittenEntry> {
  const entries = new Map<string, WrittenEntry>();
  for (const [id, node] of shape.frames) {
    if (node === undefined) entries.set(keyOf(shape, id), { id, as: 'none' });
  }
  if (shape.frames.size === 0) entries.set('$tab', { as: 'none' });
  const undrawn = new Set(shape.undrawn);
  for (const node of shape.flow) {
    if (undrawn.has(node)) entries.set('$config', {});
    else entries.set(keyOf(shape, node.id), shape.frames.has(node.id) ? frameEntry(shape, node) : boxEntry(node));
  }
  if (undrawn.size > 0) {
    const names = chartIds(shape.undrawn);
    entries.set('$config', Object.fromEntries(shape.undrawn.map((node) => [names.get(node.id) ?? node.id, node])));
  }
  return entries;
}

function frameEntry(shape: FlowShape, node: FlowNode): WrittenEntry {
  const entry = withoutType(entryOf(node, labelKey(node)));
  return node.id === shape.root ? entry : { ...entry, as: node.type };
}

function withoutType({ type: _type, ...entry }: WrittenEntry): WrittenEntry {
  return entry;
}

function boxEntry(node: FlowNode): WrittenEntry {
  const entry = entryOf(node);
  if (node.type === 'group') return { ...withoutType(entry), as: 'group' };
  const outs = outsOf(node);
  return outs ? { ...entry, outs } : entry;
}

/** The outputs, where they are not those that a box has anyway. */
function outsOf(node: FlowNode): string[] | undefined {
  const wires = wiresOf(node);
  if (node.type === 'group' || !Array.isArray(node['wires'])) return undefined;
  if (node.type === 'switch' || node.type === 'chartwire-choose') return outputLabels(node);
  const usual = isSink(node.type) && wires.flat().length === 0 ? 0 : 1;
  return wires.length === usual ? undefined : outputLabels(node);
}

function compose(shape: FlowShape, flow: ReadonlyMap<string, WrittenEntry>, drawing: readonly string[]): string {
  const label = shape.root === undefined ? undefined : shape.frames.get(shape.root)?.['label'];
  const title = typeof label === 'string' && label.trim() !== '' ? { title: label } : {};
  return ['---', yamlBlock({ ...title, flow }), '---', ...drawing, ''].join('\n');
}
