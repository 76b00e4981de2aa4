import { readdirSync, readFileSync } from 'node:fs';

/** Processor time the processes have used so far, user and system, in us; NaN where there is no Linux /proc. */
export function cpuUsOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + cpuUsOfOne(pid), 0);
}

/** Resident memory in bytes; NaN where there is no Linux /proc. */
export function residentBytes(pid: number): number {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes) * 1024;
  } catch {
    return Number.NaN;
  }
}

/** The scheduler's own count of its threads, in ns: finer than the ticks in /proc/<pid>/stat. */
function cpuUsOfOne(pid: number): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.reduce((sum, thread) => sum + timeOf(`/proc/${pid}/task/${thread}/schedstat`), 0) / 1000;
  } catch {
    return Number.NaN;
  }
}

function timeOf(file: string): number {
  return Number(readFileSync(file, 'utf8').split(' ')[0]);
}
