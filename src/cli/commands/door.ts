import { askControl } from '../../control/client.ts';
import { Fault } from '../../fault.ts';
import { readOptions, type Command } from '../command.ts';
import { homeOption } from '../home.ts';

const usage = 'chartwire door open|close mqtt|http1|http2|websocket [--home DIR]';

export const door: Command = {
  name: 'door',
  usage,
  summary: 'shut one protocol of the front door for maintenance, or open it again',
  async run(words) {
    const { values, positionals } = readOptions(words, usage, { home: { type: 'string' } });
    const [act, protocol] = positionals;
    if ((act !== 'open' && act !== 'close') || protocol === undefined) {
      throw new Fault('COMMAND_USAGE', { problem: 'say what to do with which protocol', usage });
    }
    const { shut } = (await askControl(homeOption(values.home), 'door', { protocol, open: act === 'open' })) as {
      shut: string[];
    };
    console.log(shut.length === 0 ? 'all protocols are open' : `shut: ${shut.join(', ')}`);
  },
};
