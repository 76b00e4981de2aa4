/** The parts of Node-RED's node that its types leave out. */
export interface CountedNode {
  readonly wires: readonly (readonly string[])[];
  /** How many of its handlers say when they are done. */
  readonly _expectedDoneCount?: number;
  send: (outgoing: unknown, ...more: unknown[]) => void;
  error: (cause: unknown, ...more: unknown[]) => void;
  /** Told of each message that the node takes, sends or is done with; without an event it says whether the log wants to know. */
  metric: (event?: string, message?: unknown, value?: unknown) => unknown;
}

type Name = 'send' | 'error' | 'metric';

/**
 * Puts another function in the place of a node's own, and answers with what brings its own back, unless somebody else has put
 * another there since.
 */
export function replaceAt<One extends Name>(node: CountedNode, name: One, replacement: CountedNode[One]): () => void {
  const had = Object.hasOwn(node, name);
  const original = node[name];
  node[name] = replacement;
  return () => {
    if (node[name] !== replacement) return;
    if (had) node[name] = original;
    else Reflect.deleteProperty(node, name);
  };
}

/** The one function that is put in the place of another, at however many nodes: V8 calls one that it knows by far the fastest. */
export function oncePer<Original extends object, Made>(
  make: (original: Original) => Made,
): (original: Original) => Made {
  const made = new WeakMap<Original, Made>();
  return (original) => {
    const one = made.get(original) ?? make(original);
    made.set(original, one);
    return one;
  };
}

export const isMessage = (value: unknown): value is object => typeof value === 'object' && value !== null;
