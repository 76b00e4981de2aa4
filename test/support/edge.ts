import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROGRAM = join(import.meta.dirname, '../../dist/bin/chartwire.js');

/** A running `chartwire edge`: the real process with a home of its own. */
export interface TestEdge extends AsyncDisposable {
  readonly home: string;
  readonly output: () => string;
  readonly exitCode: () => number | null;
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same home. */
  restart(): void;
  stop(): Promise<void>;
}

/** `words` are further options of the command, at every start. */
export async function startEdge(joinCode: string, ...words: readonly string[]): Promise<TestEdge> {
  const home = await mkdtemp(join(tmpdir(), 'chartwire-edge-'));
  let text = '';
  const run = (join: readonly string[]) => {
    const child = spawn(process.execPath, [PROGRAM, 'edge', '--home', home, ...join, ...words], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
    }
    return child;
  };
  let child = run(['--join', joinCode]);
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  const stop = async (): Promise<void> => {
    await kill('SIGTERM');
    await rm(home, { recursive: true, force: true });
  };
  return {
    home,
    output: () => text,
    exitCode: () => child.exitCode,
    kill,
    restart: () => {
      child = run([]);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
