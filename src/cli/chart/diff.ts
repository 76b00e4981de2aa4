import { findCharts } from '../../chart/charts-in-text.ts';
import { derive, readChart } from '../../chart/derive.ts';
import type { FlowNode } from '../../chart/flow-node.ts';
import { type FlowEdit, flowEditsBetween } from '../../chart/sync/flow-edits.ts';
import type { Program } from '../command.ts';
import { chartsOf, flowIn } from './files.ts';

const PLACES = new Set(['x', 'y', 'w', 'h', 'info', 'outputLabels']);

/** Says what one chart (or flow) has that the other has not. Resolves with 1 when they differ. */
export async function diff(files: readonly [string, string], json: boolean, program: Program): Promise<number> {
  const [before, after] = [await nodesOf(files[0], program), await nodesOf(files[1], program)];
  const edits = flowEditsBetween(before, after, PLACES);
  const names = new Map([...before, ...after].map((node) => [node.id, nameOf(node)]));
  if (json) console.log(JSON.stringify({ same: edits.length === 0, edits: edits.map((edit) => told(edit, names)) }));
  else for (const edit of edits) for (const line of linesOf(edit, names)) console.log(line);
  return edits.length === 0 ? 0 : 1;
}

/** Both sides are read as charts of one name, so that the same box is the same node. */
async function nodesOf(file: string, program: Program): Promise<readonly FlowNode[]> {
  const charts = /\.json$/i.test(file)
    ? findCharts(await program.chartOfFlow(await flowIn(file))).charts
    : await chartsOf(file);
  return charts.flatMap(
    ({ text }, index) => derive(readChart(text, { name: file }), new Map(), { id: `diff ${index}` }).nodes,
  );
}

const nameOf = (node: FlowNode): string => {
  const { chartId, name, label, type } = node;
  const called = [name, label].find((one) => typeof one === 'string' && one !== '');
  return typeof chartId === 'string'
    ? `${chartId} ${JSON.stringify(called ?? '')}`
    : `${type} ${JSON.stringify(called ?? node.id)}`;
};

function told(edit: FlowEdit, names: ReadonlyMap<string, string>): object {
  const id = edit.kind === 'add' ? edit.node.id : edit.id;
  return { what: names.get(id), ...edit };
}

function linesOf(edit: FlowEdit, names: ReadonlyMap<string, string>): string[] {
  if (edit.kind === 'add') return [`+ ${nameOf(edit.node)} (${edit.node.type})`];
  const name = names.get(edit.id) ?? edit.id;
  if (edit.kind === 'remove') return [`- ${name}`];
  const shown = (value: unknown): string =>
    JSON.stringify(value, (_key, one: unknown) => (typeof one === 'string' ? (names.get(one) ?? one) : one));
  const set = Object.entries(edit.set).map(([key, value]) => `~ ${name} ${key}: ${shown(value)}`);
  return [...set, ...edit.unset.map((key) => `~ ${name} ${key}: none`)];
}
