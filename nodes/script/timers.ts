import { promisify } from 'node:util';

type Timer = NodeJS.Timeout;
type Act = (...given: unknown[]) => void;

/** The timers of a script: they end with its node, and what they throw is told. */
export function openTimers(fail: (error: unknown) => void, signal: AbortSignal): Readonly<Record<string, unknown>> {
  const running = new Set<Timer>();
  signal.addEventListener('abort', () => {
    for (const timer of running) clearTimeout(timer);
    running.clear();
  });
  const guarded = (act: Act, given: unknown[]): void => {
    try {
      act(...given);
    } catch (error) {
      fail(error);
    }
  };
  const end = (timer: Timer): void => {
    clearTimeout(timer);
    running.delete(timer);
  };
  const once = (act: Act, pauseInMs?: number, ...given: unknown[]): Timer => {
    const timer = setTimeout(() => {
      running.delete(timer);
      guarded(act, given);
    }, pauseInMs);
    running.add(timer);
    return timer;
  };
  const wait = (pauseInMs?: number, value?: unknown): Promise<unknown> =>
    new Promise((resolve) => once(() => resolve(value), pauseInMs));
  return {
    setTimeout: Object.assign(once, { [promisify.custom]: wait }),
    clearTimeout: end,
    setInterval: (act: Act, periodInMs?: number, ...given: unknown[]): Timer => {
      const timer = setInterval(() => guarded(act, given), periodInMs);
      running.add(timer);
      return timer;
    },
    clearInterval: end,
  };
}
