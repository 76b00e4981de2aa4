import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import type { Load } from '../mqtt/load/load.ts';
import type { Target } from './target.ts';

/**
 * h2load of nghttp2, a load generator in C for both versions of HTTP. Rejects when a request failed or was answered with
 * anything but 2xx: a refusal is fast, too.
 */
export function h2load(file: string, logFile: string, targets: ReadonlyMap<string, Target>): Pick<Load, 'run'> {
  return {
    async run(key, forMs) {
      const target = targets.get(key);
      if (target === undefined) throw new Error(`nothing is asked as ${key}`);
      const { url, version, connections, streams, sizeBytes, bodyFile } = target;
      // It appends.
      await rm(logFile, { force: true });
      const child = spawn(
        file,
        [
          ...(version === 1 ? ['--h1'] : []),
          ...(sizeBytes === 0 ? [] : ['-d', bodyFile, '-H', 'content-type: application/octet-stream']),
          '-D',
          `${forMs}ms`,
          '-c',
          String(connections),
          '-m',
          String(streams),
          `--log-file=${logFile}`,
          url,
        ],
        // It goes on for ever when a connection comes after the end.
        { stdio: ['ignore', 'pipe', 'inherit'], timeout: forMs + 20_000 },
      );
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
      await once(child, 'close');
      const [, succeeded, failed] = /(\d+) succeeded, (\d+) failed/.exec(output) ?? [];
      if (succeeded === undefined || Number(succeeded) === 0 || failed !== '0') throw new Error(problemOf(output));
      const tookUs = (await readFile(logFile, 'utf8')).split('\n').flatMap((line) => Number(line.split('\t')[2]) || []);
      const sorted = tookUs.toSorted((left, right) => left - right);
      const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
      return { messages: Number(succeeded), ms: forMs, p50Us: at(0.5), p99Us: at(0.99) };
    },
  };
}

function problemOf(output: string): string {
  const lines = output.split('\n').filter((line) => /^(requests|status codes):/.test(line));
  return lines.join('; ') || 'nobody answered';
}
