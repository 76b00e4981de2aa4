import { isRecord } from '../is-record.ts';

/** One entry of a Node-RED flow file. */
export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly z?: string;
  readonly d?: boolean;
  readonly disabled?: boolean;
  readonly name?: string;
  readonly [property: string]: unknown;
}

/** Entries the runtime handles itself: no node type stands behind them. */
const STRUCTURE = new Set(['tab', 'subflow', 'group']);

/** What is wrong with flows that should go to an edge host. Credentials may never be among them. */
export function flowsProblem(value: unknown): string | undefined {
  if (!Array.isArray(value)) return 'the flows are not a list';
  const seen = new Set<string>();
  for (const node of value) {
    if (!isRecord(node) || typeof node['id'] !== 'string' || typeof node['type'] !== 'string') {
      return 'a node has no id or no type';
    }
    if (seen.has(node['id'])) return `two nodes have the id ${node['id']}`;
    if (node['credentials'] !== undefined) return `node ${node['id']} (${node['type']}) carries credentials`;
    seen.add(node['id']);
  }
  return undefined;
}

/** The node types these flows need, sorted, each once. */
export function nodeTypesOf(flows: readonly FlowNode[]): string[] {
  const types = flows.map((node) => node.type).filter((type) => !STRUCTURE.has(type) && !type.startsWith('subflow:'));
  return [...new Set(types)].sort();
}

/** The nodes that will run: on an enabled tab and not switched off. */
export function enabledNodes(flows: readonly FlowNode[]): FlowNode[] {
  const tabs = new Set(flows.filter((node) => node.type === 'tab' && node.disabled !== true).map((tab) => tab.id));
  return flows.filter(
    (node) => node.z !== undefined && tabs.has(node.z) && node.d !== true && !STRUCTURE.has(node.type),
  );
}
