import { setTimeout as pause } from 'node:timers/promises';

/** Asks again and again until `look` gives something, and gives that. What it was like at last stands in the error. */
export async function waitFor<Found>(
  what: string,
  look: () => Found | undefined | Promise<Found | undefined>,
  { withinMs = 60_000, everyMs = 100 } = {},
): Promise<Found> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms in vain for ${what}`);
    await pause(everyMs);
  }
}
