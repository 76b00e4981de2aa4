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
  return [...kept.values()].map((node) => withoutSecrets(cutWires(node, kept)));
}

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
  return { ...node, wires: node.wires.map((targets) => targets.filter((target) => kept.has(target))) };
}

function withoutSecrets({ credentials: _secret, ...node }: StoredNode): StoredNode {
  return node;
}
