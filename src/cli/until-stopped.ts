import type { Running } from './command.ts';

/** Longest time a stop may take before the process ends anyway, in ms. */
const LONGEST_STOP_MS = 8000;

/** Runs until a signal comes or whoever started us is gone, then closes and ends the process. */
export async function untilStopped(running: Running): Promise<void> {
  await new Promise<void>((resolve) => {
    // Not once: a terminal signals us and so does the program that started us, and the second must not cut the first short.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
    if (process.connected) process.once('disconnect', () => resolve());
  });
  setTimeout(() => process.exit(1), LONGEST_STOP_MS).unref();
  await running.close();
  process.exit(0);
}
