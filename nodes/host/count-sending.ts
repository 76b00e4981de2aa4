import { countsOf, type ForeignCounts } from '../adapter/foreign-counts.ts';
import { isMessage, oncePer, replaceAt, type CountedNode } from './counted-node.ts';

/** Counts what leaves by each output. Without wires its `send` does nothing, and must go on to cost nothing. */
export function countSending(node: CountedNode): () => void {
  if (node.wires.every((targets) => targets.length === 0)) return () => {};
  return replaceAt(node, 'send', countingSend(node.send));
}

const countingSend = oncePer((send: CountedNode['send']): CountedNode['send'] => {
  // Node-RED's own takes one; to hand on a list of all that is given would cost every message.
  if (send.length === 1)
    return function sendOne(this: CountedNode, outgoing: unknown) {
      count(this, outgoing);
      send.call(this, outgoing);
    };
  return function sendWith(this: CountedNode, ...given: Parameters<CountedNode['send']>) {
    count(this, given[0]);
    Reflect.apply(send, this, given);
  };
});

function count(node: CountedNode, outgoing: unknown): void {
  const counts = countsOf(node);
  if (counts === undefined) return;
  if (Array.isArray(outgoing)) countSeveral(node, counts, outgoing);
  else countOne(node, counts, 0, outgoing);
}

/** An entry for each output, which may be a list. */
function countSeveral(node: CountedNode, counts: ForeignCounts, outgoing: readonly unknown[]): void {
  for (let port = 0; port < outgoing.length && port < node.wires.length; port += 1) {
    const entry: unknown = outgoing[port];
    if (Array.isArray(entry)) for (const message of entry) countOne(node, counts, port, message);
    else countOne(node, counts, port, entry);
  }
}

function countOne(node: CountedNode, counts: ForeignCounts, port: number, message: unknown): void {
  if (!isMessage(message)) return;
  const number = (counts.sent[port] ?? 0) + 1;
  counts.sent[port] = number;
  if (number >= (counts.next[port] ?? Infinity))
    counts.look?.left(port, number, node.wires[port] ?? [], message, false);
}
