import { Fault } from '../../fault.ts';

/** Waits for the head of a response; `again` starts anew, as each part of the request's body does. */
export function headersTimer(
  url: string,
  afterMs: number,
  tooLate: (fault: Fault) => void,
): { readonly again: () => void; readonly stop: () => void } {
  const timer = setTimeout(
    () => tooLate(new Fault('REQUEST_TIMED_OUT', { url, waitedFor: 'response', afterMs })),
    afterMs,
  );
  return { again: () => void timer.refresh(), stop: () => clearTimeout(timer) };
}
