import { askControl } from '../../control/client.ts';
import { Fault } from '../../fault.ts';
import { readOptions, type Command } from '../command.ts';
import { homeOption } from '../home.ts';

const usage = 'chartwire fleet invite|hosts [--name NAME] [--json] [--home DIR]';

export const fleet: Command = {
  name: 'fleet',
  usage,
  summary: 'invite an edge host (prints the code for "chartwire edge --join"), or list the hosts',
  async run(words) {
    const { values, positionals } = readOptions(words, usage, {
      home: { type: 'string' },
      name: { type: 'string' },
      json: { type: 'boolean', default: false },
    });
    const home = homeOption(values.home);
    switch (positionals[0]) {
      case 'invite': {
        const { code } = (await askControl(home, 'invite', { name: values.name })) as { code: string };
        console.log(values.json ? JSON.stringify({ code }) : code);
        return;
      }
      case 'hosts': {
        const hosts = (await askControl(home, 'hosts')) as Record<string, unknown>[];
        console.log(
          values.json ? JSON.stringify(hosts) : hosts.map((host) => Object.values(host).join('  ')).join('\n'),
        );
        return;
      }
      default:
        throw new Fault('COMMAND_USAGE', { problem: `no such part "${positionals[0] ?? ''}"`, usage });
    }
  },
};
