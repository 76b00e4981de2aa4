import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseChart } from '../../chart/parse/parse-chart.ts';
import { Fault } from '../../fault.ts';
import { readOptions, type Command, type Program } from '../command.ts';

const usage = 'chartwire chart check|to-flow FILE.mmd ...';

export const chart: Command = {
  name: 'chart',
  usage,
  summary: 'check Mermaid flowcharts, or print the flow one becomes',
  async run(words, program) {
    const { positionals } = readOptions(words, usage, {});
    const [part = '', ...files] = positionals;
    if (files.length === 0) throw new Fault('COMMAND_USAGE', { problem: 'no file named', usage });
    switch (part) {
      case 'check':
        for (const file of files) await check(file);
        return;
      case 'to-flow':
        for (const file of files) await toFlow(file, program);
        return;
      default:
        throw new Fault('COMMAND_USAGE', { problem: `no such part "${part}"`, usage });
    }
  },
};

async function check(file: string): Promise<void> {
  const { diagnostics } = parseChart(await textOf(file));
  const worst = diagnostics.find(({ severity }) => severity === 'error');
  if (worst !== undefined) {
    const { line, column, expected } = worst;
    throw new Fault('CHART_INVALID', { file, line, column, expected });
  }
  console.log(`${file}: well formed`);
}

async function toFlow(file: string, program: Program): Promise<void> {
  const flow = await program.flowOfChart(await textOf(file), basename(file).replace(/\.\w+$/, ''));
  console.log(JSON.stringify(flow, null, 2));
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault('FILE_UNREADABLE', { file, reason }, { cause: error });
  }
}
