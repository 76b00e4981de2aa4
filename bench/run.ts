import { readdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { errorLine } from '../src/fault.ts';
import type { Bench, CaseLine } from './bench.ts';

/** `node bench/run.ts <name> [part] [--quick] [--json]`; without a name it lists what there is. Each folder here is a benchmark. */
const names = (await readdir(new URL('./', import.meta.url), { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

const { values, positionals } = parseArguments();
const [name, part] = positionals;
if (name === undefined) await list();
else if (names.includes(name)) await load(name).then(run).catch(failed);
else fail(`BENCH_UNKNOWN: there is no benchmark ${name}; use one of ${names.join(', ')}`);

async function list(): Promise<void> {
  for (const name of names) {
    const { about, parts = [] } = await load(name);
    console.log(`${name.padEnd(12)} ${about}${parts.length === 0 ? '' : `; parts: ${parts.join(', ')}`}`);
  }
}

async function run(bench: Bench): Promise<void> {
  const { parts = [] } = bench;
  if (part !== undefined && !parts.includes(part)) {
    fail(`BENCH_PART_UNKNOWN: ${name} has no part ${part}; it has ${parts.join(', ') || 'no parts'}`);
  }
  const results = bench.run({ quick: values.quick, ...(part !== undefined && { part }) });
  if (!values.json) console.log(row(['case', 'ours', 'peer', 'unit', 'ratio', 'CPU ratio', 'goal', 'against']));
  for await (const result of results) console.log(values.json ? JSON.stringify(result) : row(cellsOf(result)));
}

async function load(name: string): Promise<Bench> {
  const { bench } = (await import(`./${name}/index.ts`)) as { bench: Bench };
  return bench;
}

function cellsOf(result: CaseLine): string[] {
  if ('skipped' in result) return [result.case, '', '', '', '', '', 'not run', `${result.peerName}: ${result.skipped}`];
  const { ours, peer, unit, ratio, spread, cpuRatio, goal, met, peerName } = result;
  const whole = (figure: number): string => Math.round(figure).toLocaleString('en');
  const cpuText = Number.isNaN(cpuRatio) ? '' : cpuRatio.toFixed(2);
  const goalText = `${goal} ${met ? 'met' : 'missed'}`;
  const spreadText =
    spread === undefined ? '' : `, half of all rounds ${spread.map((one) => one.toFixed(3)).join(' to ')}`;
  const against = `${peerName}${spreadText}`;
  return [result.case, whole(ours), whole(peer), unit, ratio.toFixed(2), cpuText, goalText, against];
}

function row(cells: readonly string[]): string {
  const widths = [46, 10, 10, 12, 8, 10, 12, 0];
  return cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' ');
}

function parseArguments(): { values: { quick: boolean; json: boolean }; positionals: string[] } {
  const options = { quick: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } } as const;
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    return fail(`ARGUMENT_UNKNOWN: ${error instanceof Error ? error.message : String(error)}; use --quick and --json`);
  }
}

function failed(error: unknown): never {
  return fail(`BENCH_FAILED: ${errorLine(error)}; its cause stands above`);
}

function fail(line: string): never {
  console.error(line);
  process.exit(1);
}
