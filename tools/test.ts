// Runs the tests, or those named: `npm test -- test/chart`. Ends with one line: `N passed, N failed`.
import { globSync, statSync } from 'node:fs';
import { root } from './build/find-nodes.ts';
import { installNeeds } from './test/needs.ts';
import { jobsOf } from './test/jobs.ts';
import { runJobs } from './test/run-jobs.ts';

if (!installNeeds()) process.exit(1);

const named = process.argv
  .slice(2)
  .flatMap((path) => (statSync(path).isDirectory() ? globSync(`${path}/**/*.test.ts`) : path));
const files = named.length > 0 ? named : globSync('test/**/*.test.ts', { cwd: root });
const { passed, failed } = await runJobs(jobsOf(files));
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
