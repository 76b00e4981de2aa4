import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Half of what V8 lets grow outside its heap before it marks all of the heap. */
const PERIOD_BYTES = 16_777_216;

type Collect = (options: { readonly type: 'minor' }) => void;

let collect: Collect | undefined;
let arrived = 0;

/**
 * Told of every chunk a socket has read. Chunks lie outside V8's heap and die at once, but with large payloads they come to
 * the limit at which V8 marks its whole heap long before enough objects are made for it to look at the young ones only: in
 * Node-RED that cost 25 us for each message of 16 KiB. Looking at the young ones every 16 MiB costs 1 us.
 */
export function noteChunk({ length }: Uint8Array): void {
  arrived += length;
  if (arrived < PERIOD_BYTES) return;
  arrived = 0;
  collect ??= collector();
  collect({ type: 'minor' });
}

/** V8 gives `gc` to contexts that are made while the flag is set. */
function collector(): Collect {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as Collect;
  setFlagsFromString('--no-expose-gc');
  return gc;
}
