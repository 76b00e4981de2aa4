import type { ForeignCounts } from '../adapter/foreign-counts.ts';
import { isMessage, placeOf, type CountedNode } from './counted-node.ts';

/** Counts what leaves by each output. Without wires its `send` does nothing, and must go on to cost nothing. */
export function countSending(node: CountedNode, counts: ForeignCounts): () => void {
  const { wires } = node;
  const { sent } = counts;
  if (wires.every((targets) => targets.length === 0)) return () => {};
  const place = placeOf(node, 'send');
  const { original: send } = place;

  function count(outgoing: unknown): void {
    if (Array.isArray(outgoing)) countSeveral(outgoing);
    else countOne(0, outgoing);
  }
  /** An entry for each output, which may be a list. */
  function countSeveral(outgoing: readonly unknown[]): void {
    for (let port = 0; port < outgoing.length && port < wires.length; port += 1) {
      const entry: unknown = outgoing[port];
      if (Array.isArray(entry)) for (const message of entry) countOne(port, message);
      else countOne(port, entry);
    }
  }
  function countOne(port: number, message: unknown): void {
    if (!isMessage(message)) return;
    const number = (sent[port] ?? 0) + 1;
    sent[port] = number;
    if (number >= (counts.next[port] ?? Infinity)) counts.look?.left(port, number, wires[port] ?? [], message, false);
  }
  function sendOne(outgoing: unknown): void {
    count(outgoing);
    send.call(node, outgoing);
  }
  function sendWith(...given: Parameters<CountedNode['send']>): void {
    count(given[0]);
    Reflect.apply(send, node, given);
  }

  // Node-RED's own takes one; to hand on a list of all that is given would cost every message.
  place.use(send.length === 1 ? sendOne : sendWith);
  return () => place.restore();
}
