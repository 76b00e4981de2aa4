interface Stored {
  readonly id: string;
  readonly type: string;
  readonly wires?: readonly (readonly string[])[];
}

/** The flow several times on its tab: each copy has a name, and its nodes ids that begin with it: `first-entry`. */
export function copiesOf(flow: readonly object[], names: readonly string[]): object[] {
  const stored = flow as readonly Stored[];
  const tabs = stored.filter(({ type }) => type === 'tab');
  const nodes = stored.filter(({ type }) => type !== 'tab');
  const copies = names.flatMap((name) =>
    nodes.map((node) => ({
      ...node,
      id: `${name}-${node.id}`,
      wires: (node.wires ?? []).map((targets) => targets.map((id) => `${name}-${id}`)),
    })),
  );
  return [...tabs, ...copies];
}
