// Types, lint, format, unused code and package: all of them run, so that one round shows everything.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './build/find-nodes.ts';

const bin = (name: string): string => join(root, 'node_modules/.bin', name);
const folders = ['src', 'nodes', 'bin', 'test', 'bench', 'tools', 'settings.ts'];

const checks: readonly (readonly [string, ...string[]])[] = [
  [bin('tsc'), '-p', 'tsconfig.json'],
  [bin('tsc'), '-p', 'tsconfig.editor.json'],
  [bin('oxlint'), '--type-aware', '--deny-warnings', ...folders],
  [bin('prettier'), '--check', '--log-level', 'warn', '.'],
  [bin('knip'), '--no-progress'],
  [bin('publint'), '--strict'],
  [bin('attw'), '--quiet', '--pack', '.', '--profile', 'esm-only'],
];

let failed = 0;
for (const [program, ...args] of checks) {
  const name = [program.slice(bin('').length), ...args].join(' ');
  const done = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
  process.stderr.write(`${done.status === 0 ? 'ok    ' : 'FAILED'} ${name}\n`);
  if (done.status !== 0) failed += 1;
}
process.stdout.write(`check: ${checks.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
