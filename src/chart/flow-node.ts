/** One entry of a Node-RED flow file. */
export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly [property: string]: unknown;
}

/** Which part of a chart (box or subgraph) stands as which node of the flow. */
export interface Binding {
  readonly chartId: string;
  readonly nodeId: string;
}

/** The wires of a node, one list of node ids for each output. */
export const wiresOf = (node: FlowNode): readonly (readonly string[])[] => wireLists(node['wires']);

/** What a flow holds as wires, as lists: others have published flows with something else there, and Node-RED runs them. */
export function wireLists(wires: unknown): readonly (readonly string[])[] {
  if (!Array.isArray(wires)) return [];
  return wires.map((targets: unknown) => (Array.isArray(targets) ? targets.map(String) : []));
}

/** What the settings of a flow are compared by: the same JSON, whatever the order of its keys. */
export function sameValue(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [left, right] = [one, other] as [Record<string, unknown>, Record<string, unknown>];
  const keys = Object.keys(left).filter((key) => left[key] !== undefined);
  const others = Object.keys(right).filter((key) => right[key] !== undefined);
  return (
    keys.length === others.length && keys.every((key) => Object.hasOwn(right, key) && sameValue(left[key], right[key]))
  );
}
