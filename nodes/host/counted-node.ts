/** The parts of Node-RED's node that its types leave out. */
export interface CountedNode {
  readonly wires: readonly (readonly string[])[];
  /** How many of its handlers say when they are done. */
  readonly _expectedDoneCount?: number;
  send: (outgoing: unknown, ...more: unknown[]) => void;
  error: (cause: unknown, ...more: unknown[]) => void;
  _emitInput: (message: unknown) => void;
  _complete: (message: unknown, error?: unknown) => void;
}

type Name = 'send' | 'error' | '_emitInput' | '_complete';

/** Where a function of a node's own stands, and others can. */
export interface Place<One extends Name> {
  readonly original: CountedNode[One];
  use(replacement: CountedNode[One]): void;
  /** Brings its own back, unless somebody else has put another there since. */
  restore(): void;
}

export function placeOf<One extends Name>(node: CountedNode, name: One): Place<One> {
  const had = Object.hasOwn(node, name);
  const original = node[name];
  let used = original;
  return {
    original,
    use(replacement) {
      used = replacement;
      node[name] = replacement;
    },
    restore() {
      if (node[name] !== used) return;
      if (had) node[name] = original;
      else Reflect.deleteProperty(node, name);
    },
  };
}

export const isMessage = (value: unknown): value is object => typeof value === 'object' && value !== null;
