import type { Node } from 'node-red';
import { ForeignCounts, countsOf, putCounts } from '../adapter/foreign-counts.ts';
import type { CountedNode } from './counted-node.ts';
import { countHandling } from './count-handling.ts';
import { countSending } from './count-sending.ts';

interface Counting {
  readonly stopHandling: () => void;
  /** New ones come with Node-RED's own `send`. */
  wires: CountedNode['wires'];
  stopSending: () => void;
}

const counting = new WeakMap<object, Counting>();

/**
 * Counts at the node itself, where it costs nothing to the wires of others. A node that outlives a deploy begins at zero and
 * keeps what it was given: V8 treats an object from which a property was deleted as a slow table for good.
 */
export function countForeign(node: Node): ForeignCounts {
  const counted = node as unknown as CountedNode;
  const { wires } = counted;
  const known = counting.get(node);
  const counts = countsOf(node) ?? new ForeignCounts();
  counts.reset(wires.length);
  if (known === undefined) {
    putCounts(node, counts);
    counting.set(node, { stopHandling: countHandling(counted), wires, stopSending: countSending(counted) });
  } else if (known.wires !== wires) Object.assign(known, { wires, stopSending: countSending(counted) });
  return counts;
}

/** Gives the node its own functions back. */
export function stopCounting(node: Node): void {
  const known = counting.get(node);
  known?.stopSending();
  known?.stopHandling();
  counting.delete(node);
  putCounts(node, undefined);
}
