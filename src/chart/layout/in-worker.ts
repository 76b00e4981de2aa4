import { Fault } from '../../fault.ts';
import { LayoutThread } from './layout-thread.ts';
import type { LayoutPlan, LayoutQuestion, Places } from './plan.ts';

/** Longer than this nobody waits for a tidy layout, in ms: tangled charts of some hundred boxes take ELK minutes. */
const TIDY_WITHIN_MS = 8_000;

/** A thread that has nothing to do now, for who asks next. */
let resting: LayoutThread | undefined;

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
  const thread = resting ?? new LayoutThread();
  resting = undefined;
  const told = await thread.ask(asked, signal);
  rest(thread);
  if ('places' in told) return told.places;
  throw new Fault('CHART_LAYOUT_FAILED', { problem: told.problem });
}

/** One thread is enough to find ready: those of more charts at a time end. */
function rest(thread: LayoutThread): void {
  if (resting !== undefined) {
    thread.end();
    return;
  }
  resting = thread;
  thread.rest(() => {
    if (resting === thread) resting = undefined;
  });
}
