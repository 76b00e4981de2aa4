/** Shortest time between two turns, in ms: above 50 a second, readings leave in small groups. */
const SHORTEST_TURN_MS = 20;
/** After a stall no more than one second's worth is caught up. */
const LONGEST_CATCH_UP_MS = 1000;

/** Calls `act` with how many are due, `rate` a second on average, until the signal fires. */
export function pace(rate: number, signal: AbortSignal, act: (due: number) => void): void {
  if (rate <= 0) return;
  let owed = 0;
  let last = performance.now();
  const timer = setInterval(
    () => {
      const now = performance.now();
      owed += (Math.min(now - last, Math.max(LONGEST_CATCH_UP_MS, 1000 / rate)) * rate) / 1000;
      last = now;
      const due = Math.floor(owed);
      owed -= due;
      if (due > 0) act(due);
    },
    Math.max(SHORTEST_TURN_MS, Math.min(1000 / rate, 1000)),
  );
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}
