import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { format } from 'prettier';
import { tableOf, withTable } from './table.ts';
import type { CaseLine } from './bench.ts';

/**
 * `node bench/run.ts mqtt --json | node bench/report.ts mqtt` puts the lines of a run as the table of that benchmark into
 * docs/benchmarks.md, whatever they say.
 */
const [name] = process.argv.slice(2);
const page = new URL('../docs/benchmarks.md', import.meta.url);
if (name === undefined) fail('ARGUMENT_MISSING: say which benchmark; use node bench/report.ts <name> < lines.json');

const lines: CaseLine[] = [];
let text = '';
for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk as string;
for (const line of text.split('\n')) if (line.startsWith('{')) lines.push(JSON.parse(line) as CaseLine);
if (lines.length === 0) fail('LINES_MISSING: standard input holds no results; give the output of bench/run.ts --json');

const when = new Date().toISOString().slice(0, 10);
const machine = `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.version}, ${when}`;
const changed = withTable(await readFile(page, 'utf8'), name, tableOf(lines, machine));
if (changed === undefined)
  fail(`TABLE_UNKNOWN: docs/benchmarks.md has no place for ${name}; add <!-- ${name} --> to it`);
await writeFile(page, await format(changed, { parser: 'markdown', printWidth: 120 }));

function fail(line: string): never {
  console.error(line);
  process.exit(1);
}
