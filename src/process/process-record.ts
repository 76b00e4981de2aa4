import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isRecord } from '../is-record.ts';

/** Names a process beyond its number, which the system gives again to another. */
export interface ProcessRecord {
  readonly pid: number;
  readonly start: string;
}

/** The record of a living process; undefined when there is none with this number. */
export function processRecord(pid: number): ProcessRecord | undefined {
  const start = process.platform === 'linux' ? linuxStart(pid) : otherStart(pid);
  return start === undefined ? undefined : { pid, start };
}

/** Does the very process of this record still live? */
export function isAlive(record: ProcessRecord): boolean {
  return processRecord(record.pid)?.start === record.start;
}

/** Reads a record from a file's text; undefined when it is none. */
export function parseRecord(text: string): ProcessRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value) || !Number.isInteger(value['pid']) || typeof value['start'] !== 'string') return undefined;
    return { pid: Number(value['pid']), start: value['start'] };
  } catch {
    return undefined;
  }
}

/** proc(5): field 22 of `stat` is the start in clock ticks since boot; field 2 may hold blanks and brackets; Z is dead. */
function linuxStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return fields[0] === 'Z' ? undefined : `${boot}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

function otherStart(pid: number): string | undefined {
  try {
    if (process.platform !== 'win32')
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    process.kill(pid, 0);
    return 'unknown';
  } catch {
    return undefined;
  }
}
