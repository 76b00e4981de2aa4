import { PerformanceObserver } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Half of what V8 lets grow outside its heap before it marks all of the heap. */
const PERIOD_BYTES = 16_777_216;

/** glibc learns from blocks of less than 32 MiB. Its pages are never touched. */
const LARGEST_LEARNT_BYTES = 31 * 1_048_576;

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
  if (collect === undefined) {
    collect = collector();
    keepFreedMemory();
    noteCollections();
  }
  collect({ type: 'minor' });
}

/**
 * What survives two collections is old, and stays until V8 marks its whole heap. After a quiet time V8 itself looks at the
 * young ones often: right after that, all messages under way would become old.
 */
function noteCollections(): void {
  new PerformanceObserver(() => (arrived = 0)).observe({ entryTypes: ['gc'] });
}

/**
 * glibc gives what is free at the end of its heap back to the system, and takes it page by page when the next chunks come:
 * 30 us for each message of 16 KiB, or nothing, as chance has it. From a large block that is freed it learns to keep twice as
 * much (mallopt(3), M_MMAP_THRESHOLD), which is more than a period needs. Other allocators take no notice.
 */
function keepFreedMemory(): void {
  new ArrayBuffer(LARGEST_LEARNT_BYTES).transfer(0);
}

/** V8 gives `gc` to contexts that are made while the flag is set. */
function collector(): Collect {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as Collect;
  setFlagsFromString('--no-expose-gc');
  return gc;
}
