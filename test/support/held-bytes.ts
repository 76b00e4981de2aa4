import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes this process still holds, in V8's heap and in buffers beside it, once all garbage is gone. */
export function heldBytes(): number {
  // Buffers the first collection finds are freed beside it; the second one waits for that.
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
