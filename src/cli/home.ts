import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The folder of all state: `--home`, else `~/.chartwire`. */
export const homeOption = (given: string | undefined): string =>
  given === undefined ? join(homedir(), '.chartwire') : resolve(given);
