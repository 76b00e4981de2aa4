/** A Catch, Status or Complete node: it hears of what happens at other nodes of its tab. */
export interface Watcher {
  readonly kind: 'catch' | 'status' | 'complete';
  readonly id: string;
  readonly flow: string;
  readonly group: string | undefined;
  /** Ids of the nodes it hears, those of its own group, or all of its tab. */
  readonly scope: readonly string[] | 'group' | 'all';
}

/** A node that may be heard. */
export interface Watched {
  readonly id: string;
  readonly flow: string;
  readonly group: string | undefined;
}

/**
 * Whether the watcher hears the node, by the rules of Node-RED (`Flow.handleError`, `handleStatus`, `handleComplete`).
 * `parentOf` gives the group a group stands in.
 */
export function hears(watcher: Watcher, node: Watched, parentOf: ReadonlyMap<string, string | undefined>): boolean {
  if (watcher.flow !== node.flow) return false;
  if (watcher.scope === 'all' || (watcher.scope === 'group' && watcher.group === undefined)) return true;
  if (watcher.scope !== 'group') return watcher.scope.includes(node.id);
  const passed = new Set<string>();
  for (let group = node.group; group !== undefined && !passed.has(group); group = parentOf.get(group)) {
    if (group === watcher.group) return true;
    passed.add(group);
  }
  return false;
}
