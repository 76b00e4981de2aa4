import type { Derived, ReadChart } from '../derive.ts';
import { type FlowNode, sameValue, wiresOf } from '../flow-node.ts';
import { settingKey } from '../profile/entry.ts';
import type { Step } from '../profile/step.ts';
import { callType } from '../profile/subflow-calls.ts';
import { outputRows } from '../profile/types.ts';
import { outputLabels } from '../write/shape-of-flow.ts';
import type { Names } from './delta.ts';
import type { EntryChange } from './frontmatter.ts';

/** What the drawing says, or what belongs to the flow alone. */
const DRAWN = new Set(['id', 'z', 'g', 'x', 'y', 'w', 'h', 'wires', 'nodes', 'chartId', 'name', 'label']);

/** What a chart gives a node by its place in it: that is said of no node for which nobody has changed it. */
const INFERRED = new Set(['info', 'test', 'guard', 'once', 'control']);

/** What the flow block must say so that nodes are of the type and have the settings and outputs that are wanted. */
export function pinsFor(
  { profile }: ReadChart,
  derived: Derived,
  wanted: readonly FlowNode[],
  original: ReadonlyMap<string, FlowNode>,
  labels: ReadonlyMap<string, readonly string[]>,
  names: Names,
): Map<string, EntryChange> {
  const given = new Map(derived.nodes.map((node) => [node.id, node]));
  const steps = new Map(profile.steps.map((step) => [step.chartId, step]));
  const leaving = Map.groupBy(profile.arrows, ({ from }) => from);
  const pins = new Map<string, EntryChange>();
  const uses = new Map<string, EntryChange>();
  for (const node of wanted) {
    const id = names.chartId.get(node.id);
    const was = given.get(node.id);
    if (id === undefined || !was) continue;
    const subflow = was.type === node.type ? undefined : names.chartId.get(node.type.replace(/^subflow:/, ''));
    if (subflow !== undefined) uses.set(id, { type: callType(subflow) });
    const change: Record<string, unknown> = { ...settingPins(was, node, original.get(node.id)) };
    const without = missing(was, node, original.get(node.id));
    if (without.length > 0) change['without'] = [...(profile.block.get(id)?.without ?? []), ...without];
    const step = steps.get(id);
    const before = { type: original.get(node.id)?.type, labels: labels.get(id) };
    if (step) sayOutputs(change, step, node, { ...before, drawn: leaving.get(id)?.map(({ label }) => label) ?? [] });
    const at = profile.block.get(id)?.at;
    if (at && typeof node['x'] === 'number' && (at[0] !== node['x'] || at[1] !== node['y'])) {
      change['at'] = [node['x'], node['y']];
    }
    if (Object.keys(change).length > 0) pins.set(id, change);
  }
  // Which subflows of the chart are used, by their names in it, comes first: their inputs and outputs follow from that.
  return uses.size > 0 ? uses : pins;
}

/** What follows from the type and the outputs of a node. */
const BY_OUTPUTS = ['outputs', 'outputLabels', 'without'];

/** What a box was when chart and flow agreed, and the labels that its arrows have now. */
interface OutputsBefore {
  readonly type: string | undefined;
  readonly labels: readonly string[] | undefined;
  readonly drawn: readonly string[];
}

/**
 * Says how many outputs a node has, in as few words as will do: what follows from one thing that is said shows in the next round, and
 * is said then only if it still must be. Outputs that lost their last arrow, or their place, come first, then what names outputs.
 */
function sayOutputs(
  change: Record<string, unknown>,
  step: Step,
  node: FlowNode,
  { type, labels, drawn }: OutputsBefore,
): void {
  const ports = wiresOf(node);
  const rows = outputRows(node.type);
  const causes = ['type', ...(rows === undefined ? [] : [rows])];
  const differs = Array.isArray(node['wires']) && ports.length !== step.outputs.length;
  const isCaused = causes.some((key) => Object.hasOwn(change, key));
  const isAsBefore = type === node.type && labels?.length === ports.length;
  const now = step.outputs.map(({ label }) => label);
  const isDrawn = now.length !== ports.length && labels?.every((label) => drawn.includes(label));
  const hasLost = isAsBefore && now.length <= ports.length && !isDrawn && !sameValue(labels, now);
  if (!hasLost && !isCaused && !differs) return;
  for (const key of hasLost ? [...causes, ...BY_OUTPUTS] : BY_OUTPUTS) delete change[key];
  if (hasLost || (differs && !isCaused)) change['outs'] = outsFor(node, labels ?? now);
}

/** The settings of a node that are not as they are wanted. */
export function settingPins(was: FlowNode, node: FlowNode, original: FlowNode | undefined): EntryChange {
  const change: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) {
    if (DRAWN.has(key) || value === undefined || sameValue(was[key], value)) continue;
    if (INFERRED.has(key) && (original ? sameValue(original[key], value) : value === '')) continue;
    const frame = key === 'type' && (value === 'tab' || value === 'subflow');
    change[frame ? 'as' : key === 'type' ? key : settingKey(key)] = value;
  }
  return change;
}

function missing(was: FlowNode, node: FlowNode, original: FlowNode | undefined): string[] {
  const has = (one: FlowNode, key: string): boolean => Object.hasOwn(one, key) && one[key] !== undefined;
  const inferred = (key: string): boolean => INFERRED.has(key) && (!original || !has(original, key) || key === 'info');
  return Object.keys(was).filter((key) => !DRAWN.has(key) && has(was, key) && !has(node, key) && !inferred(key));
}

/** The labels there are stay; new outputs are called as the editor labels them, or numbered. */
function outsFor(node: FlowNode, labels: readonly string[]): string[] {
  const made = outputLabels(node);
  return made.map((label, port) => labels[port] ?? (made.length === 1 ? '' : label));
}
