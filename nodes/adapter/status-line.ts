import { isFault } from '../../src/fault.ts';
import { withoutAddresses } from '../../src/without-addresses.ts';

/** What fits under a node without running into its neighbours. */
export const LONGEST_STATUS = 80;

/** An error as a node's status: `CODE: what`. What to do and the whole address stand in the line that Catch and the log get. */
export function statusLine(error: unknown): string {
  const message = withoutAddresses(error instanceof Error ? error.message : String(error));
  const line = isFault(error) ? `${error.code}: ${message}` : message;
  return line.length > LONGEST_STATUS ? `${line.slice(0, LONGEST_STATUS - 1)}…` : line;
}
