import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { Fault } from '../fault.ts';

/** The folder of all state: `--home`, else `~/.chartwire`. An empty one (an unset shell variable) is COMMAND_USAGE. */
export function homeOption(given: string | undefined): string {
  if (given === '') throw new Fault('COMMAND_USAGE', { problem: '--home is empty', usage: '--home DIR' });
  return given === undefined ? join(homedir(), '.chartwire') : resolve(given);
}
