import { type FlowNode, sameValue } from '../flow-node.ts';

/** One change of a flow. A `change` sets and unsets properties and leaves all others. */
export type FlowEdit =
  | { readonly kind: 'add'; readonly node: FlowNode }
  | { readonly kind: 'remove'; readonly id: string }
  | {
      readonly kind: 'change';
      readonly id: string;
      readonly set: Readonly<Record<string, unknown>>;
      readonly unset: readonly string[];
    };

/** What makes one flow of another. `ignored` properties are left out of the comparison. */
export function flowEditsBetween(
  before: readonly FlowNode[],
  after: readonly FlowNode[],
  ignored: ReadonlySet<string> = new Set(),
): FlowEdit[] {
  const old = new Map(before.map((node) => [node.id, node]));
  const young = new Map(after.map((node) => [node.id, node]));
  const edits: FlowEdit[] = before.filter(({ id }) => !young.has(id)).map(({ id }) => ({ kind: 'remove', id }));
  for (const node of after) {
    const was = old.get(node.id);
    const edit = was ? changeBetween(was, node, ignored) : { kind: 'add' as const, node };
    if (edit) edits.push(edit);
  }
  return edits;
}

function changeBetween(was: FlowNode, is: FlowNode, ignored: ReadonlySet<string>): FlowEdit | undefined {
  const keys = Object.keys(is).filter((key) => !ignored.has(key) && is[key] !== undefined);
  const set = keys.filter((key) => !Object.hasOwn(was, key) || !sameValue(was[key], is[key]));
  const unset = Object.keys(was).filter(
    (key) => !ignored.has(key) && was[key] !== undefined && (!Object.hasOwn(is, key) || is[key] === undefined),
  );
  if (set.length === 0 && unset.length === 0) return undefined;
  return { kind: 'change', id: is.id, set: Object.fromEntries(set.map((key) => [key, is[key]])), unset };
}

/** Makes the edits on a flow; edits of nodes that are not there change nothing. */
export function applyFlowEdits(flow: readonly FlowNode[], edits: readonly FlowEdit[]): FlowNode[] {
  const nodes = new Map(flow.map((node) => [node.id, node]));
  for (const edit of edits) {
    if (edit.kind === 'add') nodes.set(edit.node.id, edit.node);
    else if (edit.kind === 'remove') nodes.delete(edit.id);
    else {
      const node = nodes.get(edit.id);
      if (node) nodes.set(edit.id, changed(node, edit.set, edit.unset));
    }
  }
  return [...nodes.values()];
}

function changed(node: FlowNode, set: Readonly<Record<string, unknown>>, unset: readonly string[]): FlowNode {
  const kept = Object.entries(node).filter(([key]) => !unset.includes(key));
  const { type } = set;
  return { ...Object.fromEntries(kept), ...set, id: node.id, type: typeof type === 'string' ? type : node.type };
}
