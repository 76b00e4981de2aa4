import type { Ended } from '../../src/metrics/wire-sampler.ts';
import type { ForeignCounts } from '../adapter/foreign-counts.ts';
import { isMessage, placeOf, type CountedNode } from './counted-node.ts';

/**
 * Counts what a node takes and what fails there, and tells when it is done with a message that is followed. Its functions look for
 * such a message only while there is one: to ask at each message would cost as much as to count them.
 */
export function countHandling(node: CountedNode, counts: ForeignCounts): () => void {
  const [emitInput, complete, tell] = [placeOf(node, '_emitInput'), placeOf(node, '_complete'), placeOf(node, 'error')];
  const { original: handle } = emitInput;
  const followed = new WeakMap<object, Ended>();
  let underWay = 0;

  function take(message: unknown): void {
    counts.received += 1;
    handle.call(node, message);
  }
  function takeFollowed(message: unknown): void {
    if (isMessage(message)) follow(message);
    take(message);
  }
  function follow(message: object): void {
    const ended = counts.look?.arrived(message);
    if (ended === undefined) return;
    // A node whose handlers do not say when they are done is done when they return.
    if (node._expectedDoneCount === 0) {
      queueMicrotask(() => ended(false));
      return;
    }
    followed.set(message, ended);
    underWay += 1;
    complete.use(completeFollowed);
  }
  function completeFollowed(message: unknown, error?: unknown): void {
    if (isMessage(message)) end(message, Boolean(error));
    complete.original.call(node, message, error);
  }
  function end(message: object, failed: boolean): void {
    const ended = followed.get(message);
    if (ended === undefined) return;
    followed.delete(message);
    ended(failed);
    underWay -= 1;
    if (underWay === 0) complete.use(complete.original);
  }

  emitInput.use(take);
  counts.onFollows = (follows) => emitInput.use(follows ? takeFollowed : take);
  // Whichever way a message fails, Catch nodes are told of it here. Without a message it is only a line in the log.
  tell.use((...given) => {
    const [, message] = given;
    if (isMessage(message)) {
      counts.errors += 1;
      end(message, true);
    }
    Reflect.apply(tell.original, node, given);
  });
  return () => {
    counts.onFollows = () => {};
    counts.look = undefined;
    for (const place of [emitInput, complete, tell]) place.restore();
  };
}
