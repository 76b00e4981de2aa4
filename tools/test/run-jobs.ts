import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../build/find-nodes.ts';
import type { Job } from './jobs.ts';

/** As many as the smallest machine we promise to run on has cores. */
const AT_ONCE = 2;
/** A test process that hangs must not hold up the run forever. */
const LONGEST_JOB_MS = 8 * 60 * 1000;
/** A test process ends by itself once its tests have; one that does not has left something open, which is a failure. */
const LONGEST_END_MS = 20_000;
const CLOSING = /^(\d+) passed, (\d+) failed$/m;

interface Totals {
  passed: number;
  failed: number;
}

/** Runs every job, a few at a time, printing each one's report when it ends. */
export async function runJobs(jobs: readonly Job[]): Promise<Totals> {
  const totals: Totals = { passed: 0, failed: 0 };
  const running = new Set<ChildProcess>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      for (const child of running) child.kill(signal);
      process.exit(1);
    });
  }
  const waiting = [...jobs];
  const worker = async (): Promise<void> => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      const { passed, failed } = await runJob(job, running);
      totals.passed += passed;
      totals.failed += failed;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return totals;
}

function runJob({ name, files }: Job, running: Set<ChildProcess>): Promise<Totals> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'node_modules/mocha/bin/mocha.js'), ...files], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LONGEST_JOB_MS,
    });
    running.add(child);
    let report = '';
    let ending: NodeJS.Timeout | undefined;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      report += text;
      if (CLOSING.test(report)) ending ??= setTimeout(() => child.kill(), LONGEST_END_MS);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (report += text));
    child.on('close', (code, signal) => {
      running.delete(child);
      clearTimeout(ending);
      const closing = CLOSING.exec(report);
      const passed = Number(closing?.[1] ?? 0);
      // No closing line, or an exit code that its figures do not explain, is a failure of its own.
      const failed = Math.max(Number(closing?.[2] ?? 1), code === 0 ? 0 : 1);
      process.stdout.write(
        `\n── ${name}${signal === null ? '' : ` (ended by ${signal})`}\n${report.replace(closing?.[0] ?? '', '').trim()}\n`,
      );
      resolve({ passed, failed });
    });
  });
}
