import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Fault } from '../../fault.ts';
import type { LayoutPlan, Places } from './plan.ts';

/** Lays out a plan in a thread of its own, so that a large chart holds up nobody; aborting ends the thread. */
export async function layoutInWorker(plan: LayoutPlan, signal?: AbortSignal): Promise<Places> {
  signal?.throwIfAborted();
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = new Worker(new URL(`./worker.${extension}`, import.meta.url), { workerData: plan });
  try {
    const [told]: { places?: Places; problem?: string }[] = await once(worker, 'message', signal && { signal });
    if (told?.places) return told.places;
    throw new Fault('CHART_LAYOUT_FAILED', { problem: told?.problem ?? 'no answer' });
  } finally {
    await worker.terminate();
  }
}
