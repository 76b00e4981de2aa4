import { wireLists } from '../../src/chart/flow-node.ts';
import { isRecord } from '../../src/is-record.ts';

/** A node as it stands in the flow file. */
export interface StoredNode {
  readonly id: string;
  readonly type: string;
  readonly z?: string;
  readonly g?: string;
  readonly name?: string;
  readonly wires?: readonly (readonly string[])[];
  readonly [property: string]: unknown;
}

/** A tab, or one group of it, with the config nodes and subflows it needs: what a release holds. Wires that lead outside are cut. */
export function partOfFlow(all: readonly StoredNode[], tab: string, group?: string): StoredNode[] {
  const byId = new Map(all.map((node) => [node.id, node]));
  const onTab = all.filter((node) => node.z === tab);
  const chosen = group === undefined ? onTab : onTab.filter((node) => isWithin(node, group, byId));
  const kept = new Map<string, StoredNode>();
  const keep = (node: StoredNode): void => {
    if (kept.has(node.id)) return;
    kept.set(node.id, node);
    for (const needed of neededBy(node, byId, all)) keep(needed);
  };
  const home = byId.get(tab);
  if (home !== undefined) keep(home);
  for (const node of chosen) keep(node);
  const parts = [...kept.values()].map((node) => withoutSecrets(cutWires(node, kept)));
  // What runs on an edge host is disabled here.
  return hostOf(byId.get(group ?? '')) === undefined ? parts : parts.map(({ d: _disabled, ...node }) => node);
}

/**
 * What each edge host is to run, by its id or name: all groups together that are marked for it and stand on this tab, or on
 * another tab of its chart (`bound` are the nodes of the chart).
 */
export function partsForHosts(
  all: readonly StoredNode[],
  tab: string,
  bound: ReadonlySet<string> = new Set(),
): Map<string, StoredNode[]> {
  const parts = new Map<string, Map<string, StoredNode>>();
  for (const group of all) {
    const host = group.z === tab || bound.has(group.id) ? hostOf(group) : undefined;
    if (host === undefined || group.z === undefined) continue;
    const part = parts.get(host) ?? new Map<string, StoredNode>();
    parts.set(host, part);
    for (const node of partOfFlow(all, group.z, group.id)) part.set(node.id, node);
  }
  return new Map([...parts].map(([host, part]) => [host, [...part.values()]]));
}

/** The edge host that a group is marked for, in a variable of its own. */
function hostOf(group: StoredNode | undefined): string | undefined {
  const variables: unknown = group?.type === 'group' ? group['env'] : undefined;
  if (!Array.isArray(variables)) return undefined;
  const found: unknown = variables.find((one: unknown) => isRecord(one) && one['name'] === HOST_VARIABLE);
  return isRecord(found) && typeof found['value'] === 'string' && found['value'] !== '' ? found['value'] : undefined;
}

const HOST_VARIABLE = 'CHARTWIRE_HOST';

/** Ids of the groups of this name on a tab. */
export function groupsNamed(all: readonly StoredNode[], tab: string, name: string): string[] {
  return all.filter((node) => node.type === 'group' && node.z === tab && node.name === name).map(({ id }) => id);
}

function isWithin(node: StoredNode, group: string, byId: ReadonlyMap<string, StoredNode>): boolean {
  // A group that names itself as its own would never end.
  const seen = new Set<string>();
  for (let at: StoredNode | undefined = node; at !== undefined && !seen.has(at.id); at = byId.get(at.g ?? '')) {
    if (at.id === group) return true;
    seen.add(at.id);
  }
  return false;
}

/** As Node-RED sees it: any property that holds a config node's id is a reference to it. */
function neededBy(node: StoredNode, byId: ReadonlyMap<string, StoredNode>, all: readonly StoredNode[]): StoredNode[] {
  const configs = Object.entries(node).flatMap(([name, value]) => {
    const found = name === 'id' || typeof value !== 'string' ? undefined : byId.get(value);
    return found !== undefined && isConfig(found) ? [found] : [];
  });
  if (!node.type.startsWith('subflow:')) return configs;
  const subflow = node.type.slice('subflow:'.length);
  return [...configs, ...all.filter(({ id, z }) => id === subflow || z === subflow)];
}

function isConfig({ type, wires, x }: StoredNode): boolean {
  return wires === undefined && x === undefined && !['tab', 'group', 'subflow'].includes(type);
}

function cutWires(node: StoredNode, kept: ReadonlyMap<string, StoredNode>): StoredNode {
  if (node.wires === undefined) return node;
  return { ...node, wires: wireLists(node.wires).map((targets) => targets.filter((target) => kept.has(target))) };
}

function withoutSecrets({ credentials: _secret, ...node }: StoredNode): StoredNode {
  return node;
}
