import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Fault } from '../../fault.ts';
import type { LayoutPlan, LayoutQuestion, Places } from './plan.ts';

/** Runs from the sources and from the build; the compiler does not rewrite file names in URLs. */
const workerFile = import.meta.url.endsWith('.ts')
  ? new URL('./worker.ts', import.meta.url)
  : new URL('./worker.js', import.meta.url);

/** Longer than this nobody waits for a tidy layout, in ms: tangled charts of some hundred boxes take ELK minutes. */
const TIDY_WITHIN_MS = 8_000;

/**
 * Lays out a plan in a thread of its own, so that a large chart holds up nobody; aborting ends the thread. What ELK has not
 * laid out in time stands in columns.
 */
export async function layoutInWorker(
  plan: LayoutPlan,
  signal?: AbortSignal,
  withinMs = TIDY_WITHIN_MS,
): Promise<Places> {
  const tooLate = AbortSignal.timeout(withinMs);
  try {
    return await inThread({ plan, tidy: true }, signal === undefined ? tooLate : AbortSignal.any([signal, tooLate]));
  } catch (error) {
    if (signal?.aborted === true || !tooLate.aborted) throw error;
    return await inThread({ plan, tidy: false }, signal);
  }
}

async function inThread(asked: LayoutQuestion, signal: AbortSignal | undefined): Promise<Places> {
  signal?.throwIfAborted();
  const worker = new Worker(workerFile, { workerData: asked });
  try {
    const [told]: { places?: Places; problem?: string }[] = await once(worker, 'message', signal && { signal });
    if (told?.places) return told.places;
    throw new Fault('CHART_LAYOUT_FAILED', { problem: told?.problem ?? 'no answer' });
  } finally {
    await worker.terminate();
  }
}
