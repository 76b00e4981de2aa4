import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../build/find-nodes.ts';
import type { Job } from './jobs.ts';

/** As many as the smallest machine we promise to run on has cores. */
const AT_ONCE = 2;
/** A test process that hangs must not hold up the run forever. */
const LONGEST_JOB_MS = 8 * 60 * 1000;
/** A test process ends by itself once its tests have; one that does not has left something open, which is a failure. */
const LONGEST_END_MS = 45_000;
/** More failures than these are no accident of timing. */
const MOST_AGAIN = 4;
const LAST_LINES = 40;
const CLOSING = /^(\d+) passed, (\d+) failed$/m;

interface Totals {
  passed: number;
  failed: number;
}

interface Outcome extends Totals {
  job: Job;
  report: string;
}

/**
 * Runs every job, a few at a time, printing each one's report when it ends. A job that failed runs once more with the
 * machine to itself, since what it starts are real processes with real waits: what fails again has failed, what passes
 * then is named as unsteady, with what it had said. Both stand at the end, where they are looked for.
 */
export async function runJobs(jobs: readonly Job[]): Promise<Totals> {
  const running = new Set<ChildProcess>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      for (const child of running) child.kill(signal);
      process.exit(1);
    });
  }
  const first = await runAtOnce(jobs, AT_ONCE, running);
  const failed = first.filter((outcome) => outcome.failed > 0);
  const jobsAgain = failed.length <= MOST_AGAIN ? failed.map(({ job }) => job) : [];
  const second = await runAtOnce(jobsAgain, 1, running);
  for (const { job, report } of failed) {
    const again = second.find((outcome) => outcome.job === job);
    process.stdout.write(
      `\n── ${job.name} ${again?.failed === 0 ? 'is unsteady: it failed, then passed alone' : 'failed'}\n${failuresOf(report)}\n`,
    );
  }
  const last = first.map((outcome) => second.find(({ job }) => job === outcome.job) ?? outcome);
  return {
    passed: last.reduce((sum, { passed }) => sum + passed, 0),
    failed: last.reduce((sum, outcome) => sum + outcome.failed, 0),
  };
}

async function runAtOnce(jobs: readonly Job[], atOnce: number, running: Set<ChildProcess>): Promise<Outcome[]> {
  const waiting = [...jobs];
  const outcomes: Outcome[] = [];
  const worker = async (): Promise<void> => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) outcomes.push(await runJob(job, running));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return outcomes;
}

/** What mocha says of the failures, or the last lines of a process that did not come that far. */
function failuresOf(report: string): string {
  const at = report.search(/^\s+\d+ failing$/m);
  return at === -1 ? report.split('\n').slice(-LAST_LINES).join('\n') : report.slice(at);
}

function runJob(job: Job, running: Set<ChildProcess>): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'node_modules/mocha/bin/mocha.js'), ...job.files], {
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
      report = report.replace(closing?.[0] ?? '', '').trim();
      process.stdout.write(`\n── ${job.name}${signal === null ? '' : ` (ended by ${signal})`}\n${report}\n`);
      resolve({ job, passed, failed, report });
    });
  });
}
