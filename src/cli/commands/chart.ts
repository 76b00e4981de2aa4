import { Fault } from '../../fault.ts';
import { check } from '../chart/check.ts';
import { diff } from '../chart/diff.ts';
import { chartsOfAll, flowIn, readable } from '../chart/files.ts';
import { format } from '../chart/format.ts';
import { run } from '../chart/run.ts';
import { toChart } from '../chart/to-chart.ts';
import { portOption, readOptions, type Command, type Program } from '../command.ts';

const usage =
  'chartwire chart check|to-flow|to-chart|diff|format|run [--json] [--exact] [--write|--check] [--home DIR] [--host ADDRESS] [--tls-port N] FILE ...';

export const chart: Command = {
  name: 'chart',
  usage,
  summary: 'check, format, compare and run Mermaid flowcharts, make flows of them, and charts of flows',
  details: [
    'check     whether charts are well formed; with --json one line for each, with what it means',
    'to-flow   the flow of the charts, as JSON',
    'to-chart  the chart of each flow (FILE.json): that which it keeps, else one that says all it says; --exact always says all,',
    '          ids and places too, so that the same flow comes of it wherever it is imported; those of several flows are Markdown',
    'diff      what two charts or flows differ in',
    'format    charts in one form; --write puts them into their files, --check names those that are not in it',
    'run       starts the flow of charts without an editor, until a signal comes; --json tells when it is ready',
    '',
    'Charts of one name in several files are numbered.',
    'FILE is a chart (.mmd), Markdown with charts in it (.md), a flow (.json), or - for standard input.',
    'Exit code: 0 all is well; 1 a chart is wrong, charts differ or are not in form, or the command failed.',
  ],
  async run(words, program) {
    const { positionals, values } = readOptions(words, usage, {
      json: { type: 'boolean', default: false },
      exact: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      home: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      'tls-port': { type: 'string' },
    });
    const [part = '', ...files] = positionals;
    const [first, second, third] = files;
    if (first === undefined) throw new Fault('COMMAND_USAGE', { problem: 'no file named', usage });
    switch (part) {
      case 'check':
        return check(files, values.json);
      case 'to-flow':
        console.log(JSON.stringify(await flowOf(files, program), null, 2));
        return 0;
      case 'to-chart':
        return toChart(files, values.exact, program);
      case 'diff':
        if (second === undefined || third !== undefined)
          throw new Fault('COMMAND_USAGE', { problem: 'diff compares two files', usage });
        return diff([first, second], values.json, program);
      case 'format':
        if (values.write && values.check)
          throw new Fault('COMMAND_USAGE', { problem: 'format either writes or checks', usage });
        return format(files, values);
      case 'run': {
        const { home, host, json } = values;
        const tlsPort = portOption(values['tls-port'], 0, usage);
        return run(await flowOf(files, program), { home, host, json, tlsPort }, program);
      }
      default:
        throw new Fault('COMMAND_USAGE', { problem: `no such part "${part}"`, usage });
    }
  },
};

/** One flow of all charts, or the flow of a file of JSON. */
async function flowOf(files: readonly string[], program: Program): Promise<object[]> {
  const isFlow = (file: string): boolean => /\.json$/i.test(file);
  const flow: object[] = [];
  for (const file of files.filter(isFlow)) flow.push(...(await flowIn(file)));
  const charts = await chartsOfAll(files.filter((file) => !isFlow(file)));
  for (const chart of charts) flow.push(...(await program.flowOfChart(readable(chart), chart.name)));
  return flow;
}
