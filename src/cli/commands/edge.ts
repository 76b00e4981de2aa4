import { readOptions, type Command } from '../command.ts';
import { homeOption } from '../home.ts';
import { limitsOption } from '../limits-option.ts';
import { untilStopped } from '../until-stopped.ts';

const usage = 'chartwire edge --home DIR [--join CODE] [--limit NAME=NUMBER]…';

export const edge: Command = {
  name: 'edge',
  usage,
  summary: 'run releases on this machine; --join once with the code of "chartwire fleet invite"',
  async run(words, program) {
    const { values } = readOptions(words, usage, {
      home: { type: 'string' },
      join: { type: 'string' },
      limit: { type: 'string', multiple: true, default: [] },
    });
    const limits = limitsOption(values.limit, usage);
    const say = (line: string): void => console.log(line);
    await untilStopped(await program.edge({ home: homeOption(values.home), join: values.join, limits, say }));
  },
};
