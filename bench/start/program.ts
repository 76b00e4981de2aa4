import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuUsOf, residentBytes } from '../mqtt/cpu.ts';
import { freePort } from '../mqtt/sides/program.ts';

export type StartSide = 'chartwire' | 'node-red';

export interface Start {
  readonly readyMs: number;
  /** Processor time until then; NaN where there is no Linux /proc. */
  readonly cpuMs: number;
  readonly residentMb: number;
}

const root = join(import.meta.dirname, '../..');

/** Starts it on a new, empty home, waits until its editor answers, and stops it. */
export async function startOf(side: StartSide): Promise<Start> {
  const home = await mkdtemp(join(tmpdir(), 'chartwire-bench-start-'));
  const port = await freePort();
  await writeFile(
    join(home, 'settings.js'),
    'module.exports = { uiHost: "127.0.0.1", telemetry: { enabled: false } };\n',
  );
  const lines: Record<StartSide, readonly string[]> = {
    chartwire: ['dist/bin/chartwire.js', 'start', '--home', home, '--port', String(port), '--tls-port', '0'],
    'node-red': ['node_modules/node-red/red.js', '-u', home, '-s', join(home, 'settings.js'), '-p', String(port)],
  };
  const begun = performance.now();
  const env = { ...process.env, CHARTWIRE_PASSWORD: 'correct horse battery staple' };
  const child = spawn(process.execPath, [...lines[side]], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], env });
  const exited = once(child, 'exit');
  try {
    await answers(port, child);
    const readyMs = performance.now() - begun;
    const pid = child.pid!;
    return { readyMs, cpuMs: cpuUsOf([pid]) / 1000, residentMb: residentBytes(pid) / 2 ** 20 };
  } finally {
    child.kill('SIGTERM');
    await exited;
    await rm(home, { recursive: true, force: true });
  }
}

async function answers(port: number, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer !== undefined && answer.status < 500) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('the program ended before its editor answered');
}
