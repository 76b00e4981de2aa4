import { countsOf, type ForeignCounts } from '../adapter/foreign-counts.ts';
import { isMessage, oncePer, replaceAt, type CountedNode } from './counted-node.ts';

/**
 * Counts what a node takes and what fails there, and tells when it is done with a message that is followed: at `metric`, which
 * Node-RED calls at each message anyway, and at `error`.
 */
export function countHandling(node: CountedNode): () => void {
  const { metric } = node;
  const isOwn = Object.hasOwn(node, 'metric');
  const restore = [
    replaceAt(node, 'metric', !isOwn && metric.call(node) === false ? countOnly : countingMetric(metric)),
    replaceAt(node, 'error', countingError(node.error)),
  ];
  return () => {
    for (const bringBack of restore) bringBack();
  };
}

const countingMetric = oncePer(
  (metric: CountedNode['metric']): CountedNode['metric'] =>
    function countAndTell(this: CountedNode, event, message, value) {
      if (event !== undefined) count(this, event, message);
      return metric.call(this, event, message, value);
    },
);

/**
 * While no log wants metrics Node-RED would still write each record, several for every message and node, which nobody reads:
 * that takes it four times as long as to count.
 */
function countOnly(this: CountedNode, event?: string, message?: unknown): unknown {
  if (event === undefined) return false;
  count(this, event, message);
  return undefined;
}

function count(node: CountedNode, event: string, message: unknown): void {
  const counts = countsOf(node);
  if (counts === undefined) return;
  if (event === 'receive') {
    counts.received += 1;
    if (counts.follows && isMessage(message)) follow(node, counts, message);
  } else if (counts.underWay > 0 && event === 'done' && isMessage(message)) endAfterTurn(counts, message);
}

function follow(node: CountedNode, counts: ForeignCounts, message: object): void {
  const ended = counts.look?.arrived(message);
  if (ended === undefined) return;
  counts.followed.set(message, ended);
  counts.underWay += 1;
  // A node whose handlers do not say when they are done is done when they return.
  if (node._expectedDoneCount === 0) endAfterTurn(counts, message);
}

/** What it fails with is told after that it is done. */
function endAfterTurn(counts: ForeignCounts, message: object): void {
  if (counts.followed.has(message)) queueMicrotask(() => end(counts, message, false));
}

function end(counts: ForeignCounts, message: object, failed: boolean): void {
  const ended = counts.followed.get(message);
  if (ended === undefined) return;
  counts.followed.delete(message);
  counts.underWay -= 1;
  ended(failed);
}

// Whichever way a message fails, Catch nodes are told of it here. Without a message it is only a line in the log.
const countingError = oncePer(
  (tell: CountedNode['error']): CountedNode['error'] =>
    function countError(this: CountedNode, ...given: Parameters<CountedNode['error']>) {
      const [, message] = given;
      const counts = countsOf(this);
      if (counts !== undefined && isMessage(message)) {
        counts.errors += 1;
        end(counts, message, true);
      }
      Reflect.apply(tell, this, given);
    },
);
