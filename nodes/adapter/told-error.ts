import { errorLine } from '../../src/fault.ts';

/** What Node-RED gives to Catch and the log: `message` is the whole line, `code` what to match on. */
export function toldError(error: unknown): Error {
  const told = new Error(errorLine(error), { cause: error });
  // Both write an error as `name: message`.
  told.name = '';
  const code = error instanceof Error && 'code' in error ? { code: error.code } : {};
  return Object.assign(told, code);
}
