import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { Load } from '../mqtt/load/load.ts';
import type { Target } from './target.ts';

/** It knows whole seconds only. */
const LEAST_MS = 1_000;
const US = { us: 1, ms: 1_000, s: 1_000_000 } as const;

/**
 * wrk, a load generator in C for HTTP/1.1: each connection asks one thing at a time. Rejects when a request failed or was answered
 * with anything but 2xx.
 */
export function wrk(file: string, scriptFile: string, targets: ReadonlyMap<string, Target>): Pick<Load, 'run'> {
  return {
    async run(key, forMs) {
      const target = targets.get(key);
      if (target === undefined) throw new Error(`nothing is asked as ${key}`);
      const { url, connections, sizeBytes } = target;
      const seconds = Math.ceil(Math.max(forMs, LEAST_MS) / 1_000);
      if (sizeBytes > 0) await writeFile(scriptFile, postingScript(sizeBytes));
      const child = spawn(
        file,
        ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', ...(sizeBytes === 0 ? [] : ['-s', scriptFile]), url],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
      await once(child, 'close');
      const [, answered, took, unit] = /(\d+) requests in ([\d.]+)(ms|s|m)\b/.exec(output) ?? [];
      const problem = /^.*(?:Socket errors|Non-2xx).*$/m.exec(output)?.[0];
      if (answered === undefined || answered === '0' || unit === 'm' || problem !== undefined) {
        throw new Error(problem?.trim() ?? 'nobody answered');
      }
      const ms = Number(took) * (unit === 's' ? 1_000 : 1);
      return { messages: Number(answered), ms, p50Us: latencyOf(output, 50), p99Us: latencyOf(output, 99) };
    },
  };
}

const postingScript = (sizeBytes: number): string =>
  `wrk.method = "POST"\nwrk.headers["content-type"] = "application/octet-stream"\nwrk.body = string.rep("x", ${sizeBytes})\n`;

function latencyOf(output: string, percent: number): number {
  const [, figure, unit] = new RegExp(`^\\s+${percent}%\\s+([\\d.]+)(us|ms|s)$`, 'm').exec(output) ?? [];
  return figure === undefined ? Number.NaN : Number(figure) * US[unit as keyof typeof US];
}
