import { errorLine, Fault } from '../fault.ts';
import type { Command, Program } from './command.ts';
import { broker } from './commands/broker.ts';
import { chart } from './commands/chart.ts';
import { door } from './commands/door.ts';
import { edge } from './commands/edge.ts';
import { fleet } from './commands/fleet.ts';
import { pub } from './commands/pub.ts';
import { start } from './commands/start.ts';
import { status } from './commands/status.ts';
import { sub } from './commands/sub.ts';

const commands: readonly Command[] = [start, status, chart, fleet, edge, door, broker, pub, sub];

/** Runs one command. Resolves with the exit code: 0 means all is well. Errors go to standard error as `CODE: what; what to do`. */
export async function main(words: readonly string[], program: Program): Promise<number> {
  const [name = 'help', ...rest] = words;
  if (name === 'help' || name === '--help' || name === '-h') {
    const about = commands.find((known) => known.name === rest[0]);
    console.log(about ? helpOn(about) : help());
    return 0;
  }
  try {
    const command = commands.find((known) => known.name === name);
    if (command === undefined) {
      throw new Fault('COMMAND_UNKNOWN', { command: name, known: commands.map((known) => known.name).join(', ') });
    }
    if (rest.includes('--help') || rest.includes('-h')) {
      console.log(helpOn(command));
      return 0;
    }
    return (await command.run(rest, program)) ?? 0;
  } catch (error) {
    console.error(errorLine(error));
    return 1;
  }
}

function help(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = commands.map(
    ({ name, summary, usage }) => `  ${name.padEnd(width)}  ${summary}\n  ${' '.repeat(width)}  ${usage}`,
  );
  return ['Draw the messaging architecture. The drawing runs.', '', ...lines].join('\n');
}

const helpOn = ({ name, summary, usage, details = [] }: Command): string =>
  [
    `${name}: ${summary}`,
    '',
    `  ${usage}`,
    ...(details.length > 0 ? ['', ...details.map((line) => `  ${line}`)] : []),
  ].join('\n');
