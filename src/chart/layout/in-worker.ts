import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Fault } from '../../fault.ts';
import type { LayoutPlan, Places } from './plan.ts';

/** Runs from the sources and from the build; the compiler does not rewrite file names in URLs. */
const workerFile = import.meta.url.endsWith('.ts')
  ? new URL('./worker.ts', import.meta.url)
  : new URL('./worker.js', import.meta.url);

/** Lays out a plan in a thread of its own, so that a large chart holds up nobody; aborting ends the thread. */
export async function layoutInWorker(plan: LayoutPlan, signal?: AbortSignal): Promise<Places> {
  signal?.throwIfAborted();
  const worker = new Worker(workerFile, { workerData: plan });
  try {
    const [told]: { places?: Places; problem?: string }[] = await once(worker, 'message', signal && { signal });
    if (told?.places) return told.places;
    throw new Fault('CHART_LAYOUT_FAILED', { problem: told?.problem ?? 'no answer' });
  } finally {
    await worker.terminate();
  }
}
