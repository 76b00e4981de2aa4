import { type FlowNode, sameValue } from '../flow-node.ts';
import { settingKey } from '../profile/entry.ts';

/** What the `flow:` block says of one node. */
export type WrittenEntry = Record<string, unknown>;

/** Properties that the drawing says, or that an entry has a word of its own for. */
const SPOKEN = new Set(['id', 'type', 'z', 'g', 'x', 'y', 'wires', 'nodes', 'name']);

/** All that is to be said of a node beside what is drawn. */
export function entryOf(node: FlowNode, labelKey = 'name'): WrittenEntry {
  const { id, type, x, y } = node;
  const entry: WrittenEntry = { id, type };
  if (typeof x === 'number' && typeof y === 'number') entry['at'] = [x, y];
  for (const [key, value] of Object.entries(node)) {
    if (!SPOKEN.has(key) && key !== labelKey && value !== undefined) entry[settingKey(key)] = value;
  }
  return entry;
}

/** Adds to an entry what makes the node that the chart gives so far the one that is wanted. True when something was added. */
export function correctEntry(entry: WrittenEntry, given: FlowNode, wanted: FlowNode, labelKey = 'name'): boolean {
  let corrected = false;
  const without: string[] = [];
  for (const key of new Set([...Object.keys(given), ...Object.keys(wanted)])) {
    const value = wanted[key];
    if (key === 'id' || sameValue(given[key], value)) continue;
    corrected = true;
    if (key === labelKey && typeof value === 'string') entry['name'] = value;
    else if (key === labelKey && value === undefined && labelKey === 'name') entry['name'] = null;
    else if (value === undefined) without.push(key);
    else if (key === 'type') entry['type'] = value;
    else if (key === 'wires' && Array.isArray(value)) entry['wires'] = value;
    else entry[settingKey(key)] = value;
  }
  const before: unknown = entry['without'];
  if (without.length > 0) entry['without'] = [...(Array.isArray(before) ? before : []), ...without];
  return corrected;
}
