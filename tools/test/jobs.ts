import { sep } from 'node:path';

/** Folders whose tests start a runtime, of which a process can hold only one: each file gets a process of its own. */
const ALONE = new Set(['nodes', 'editor', 'faults', 'fleet', 'host', 'cli', 'flows']);

/** One mocha process and the files it runs. */
export interface Job {
  readonly name: string;
  readonly files: readonly string[];
}

/** Groups test files into processes: one to a folder, one to a file where a runtime is started. Slow ones first. */
export function jobsOf(files: readonly string[]): Job[] {
  const jobs = new Map<string, string[]>();
  for (const file of files.toSorted()) {
    const folder = file.split(sep)[1] ?? '';
    const name = ALONE.has(folder) ? file : `test/${folder}`;
    jobs.set(name, [...(jobs.get(name) ?? []), file]);
  }
  return [...jobs]
    .map(([name, members]) => ({ name, files: members }))
    .toSorted((a, b) => Number(isAlone(b)) - Number(isAlone(a)));
}

const isAlone = ({ name }: Job): boolean => name.endsWith('.ts');
