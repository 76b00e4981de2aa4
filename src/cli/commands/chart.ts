import { Fault } from '../../fault.ts';
import { check } from '../chart/check.ts';
import { chartsOf, flowIn } from '../chart/files.ts';
import { chartOfFlow } from '../../chart/chart-of-flow.ts';
import { readOptions, type Command, type Program } from '../command.ts';

const usage = 'chartwire chart check|to-flow|to-chart [--json] FILE ...';

export const chart: Command = {
  name: 'chart',
  usage,
  summary: 'check Mermaid flowcharts, make flows of them, and charts of flows',
  async run(words, program) {
    const { positionals, values } = readOptions(words, usage, { json: { type: 'boolean', default: false } });
    const [part = '', ...files] = positionals;
    if (files.length === 0) throw new Fault('COMMAND_USAGE', { problem: 'no file named', usage });
    switch (part) {
      case 'check':
        return check(files, values.json);
      case 'to-flow':
        return toFlow(files, program);
      case 'to-chart':
        for (const file of files) process.stdout.write(chartOfFlow(await flowIn(file)));
        return 0;
      default:
        throw new Fault('COMMAND_USAGE', { problem: `no such part "${part}"`, usage });
    }
  },
};

/** One flow of all charts. */
async function toFlow(files: readonly string[], program: Program): Promise<number> {
  const flow: object[] = [];
  for (const file of files) {
    for (const { text, name } of await chartsOf(file)) flow.push(...(await program.flowOfChart(text, name)));
  }
  console.log(JSON.stringify(flow, null, 2));
  return 0;
}
