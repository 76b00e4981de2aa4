import type { Node } from 'node-red';
import type { Ended } from '../../src/metrics/wire-sampler.ts';
import { foreignCounts, type ForeignCounts } from '../adapter/foreign-counts.ts';
import type { Look } from '../adapter/look.ts';

/** The parts of Node-RED's node that its types leave out. */
interface Counted {
  readonly wires: readonly (readonly string[])[];
  /** How many of its handlers say when they are done. */
  readonly _expectedDoneCount?: number;
  send(outgoing: unknown): void;
  _emitInput(message: unknown): void;
  _complete(message: unknown, error?: unknown): void;
}

/** Nodes that are counted, and the `send` that counts: a change of wires puts Node-RED's own back. */
const counting = new WeakMap<object, { readonly counts: ForeignCounts; readonly undo: () => void }>();

/** Counts at the node itself, where it costs nothing to the wires of others. Again after each change of its wires. */
export function countForeign(node: Node): ForeignCounts {
  const known = counting.get(node);
  known?.undo();
  const counts = known?.counts ?? { received: 0, errors: 0, sent: [], look: undefined };
  const followed = new WeakMap<object, Ended>();
  const counted = node as unknown as Counted;
  const undoes = [
    wrap(counted, '_emitInput', (message) => {
      counts.received += 1;
      if (counts.look?.follows === true && isMessage(message)) follow(counts.look, message, followed, counted);
    }),
    wrap(counted, '_complete', (message, error) => {
      counts.errors += error ? 1 : 0;
      if (counts.look !== undefined && isMessage(message)) followed.get(message)?.(Boolean(error));
    }),
    // Without wires its `send` does nothing, and must go on to cost nothing.
    ...(counted.wires.some((targets) => targets.length > 0)
      ? [wrap(counted, 'send', (outgoing) => countSent(counted, counts, outgoing))]
      : []),
  ];
  foreignCounts.set(node, counts);
  counting.set(node, { counts, undo: () => undoes.forEach((undo) => undo()) });
  return counts;
}

/** Gives the node its own functions back. */
export function stopCounting(node: Node): void {
  counting.get(node)?.undo();
  counting.delete(node);
  foreignCounts.delete(node);
}

type Act = (first: unknown, second?: unknown) => void;

function wrap(node: Counted, name: 'send' | '_emitInput' | '_complete', act: Act): () => void {
  const had = Object.hasOwn(node, name);
  const original = node[name];
  const wrapped = function (this: unknown, ...given: unknown[]): void {
    act(given[0], given[1]);
    Reflect.apply(original, this, given);
  };
  Object.assign(node, { [name]: wrapped });
  return () => {
    if (node[name] !== wrapped) return;
    if (had) Object.assign(node, { [name]: original });
    else Reflect.deleteProperty(node, name);
  };
}

/** A node whose handlers do not say when they are done is done when they return. */
function follow(look: Look, message: object, followed: WeakMap<object, Ended>, node: Counted): void {
  const ended = look.arrived(message);
  if (ended === undefined) return;
  if (node._expectedDoneCount === 0) queueMicrotask(() => ended(false));
  else followed.set(message, ended);
}

/** As `Node.send` takes it: one message, or an entry for each output, which may be a list. */
function countSent({ wires }: Counted, { sent, look }: ForeignCounts, outgoing: unknown): void {
  const entries: unknown[] = Array.isArray(outgoing) ? outgoing : [outgoing];
  for (let port = 0; port < entries.length && port < wires.length; port += 1) {
    const entry = entries[port];
    for (const message of Array.isArray(entry) ? entry : [entry]) {
      if (!isMessage(message)) continue;
      const count = (sent[port] ?? 0) + 1;
      sent[port] = count;
      if (look !== undefined && count >= (look.next[port] ?? Infinity))
        look.left(port, count, wires[port] ?? [], message, false);
    }
  }
}

const isMessage = (value: unknown): value is object => typeof value === 'object' && value !== null;
