import { askControl } from '../../control/client.ts';
import { readOptions, type Command } from '../command.ts';
import { homeOption } from '../home.ts';
import { statusTable } from '../status-table.ts';

const usage = 'chartwire status [--json] [--home DIR]';

export const status: Command = {
  name: 'status',
  usage,
  summary: 'what runs, with figures for every node and wire',
  async run(words) {
    const { values } = readOptions(words, usage, {
      home: { type: 'string' },
      json: { type: 'boolean', default: false },
    });
    const answer = await askControl(homeOption(values.home), 'status');
    console.log(values.json ? JSON.stringify(answer) : statusTable(answer));
  },
};
