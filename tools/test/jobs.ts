import { statSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { root } from '../build/find-nodes.ts';

/** Folders whose tests start a runtime, of which a process can hold only one: each file gets a process of its own. */
const ALONE = new Set(['nodes', 'editor', 'faults', 'fleet', 'host', 'cli', 'flows']);
/** A folder of siblings, each of which is a folder of its own. */
const SIBLINGS = new Set(['endpoints']);

/** One mocha process and the files it runs. */
export interface Job {
  readonly name: string;
  readonly files: readonly string[];
}

/**
 * Groups test files into processes: one to a folder, one to a file where a runtime is started. Those with most in them
 * first, so that none is left to run by itself at the end.
 */
export function jobsOf(files: readonly string[]): Job[] {
  const jobs = new Map<string, string[]>();
  for (const file of files.toSorted()) {
    const name = jobNameOf(file);
    jobs.set(name, [...(jobs.get(name) ?? []), file]);
  }
  const sizes = new Map([...jobs].map(([name, members]) => [name, bytesOf(members)]));
  return [...jobs]
    .map(([name, members]) => ({ name, files: members }))
    .toSorted((a, b) => (sizes.get(b.name) ?? 0) - (sizes.get(a.name) ?? 0));
}

function jobNameOf(file: string): string {
  const [, folder = '', sibling = ''] = file.split(sep);
  if (ALONE.has(folder)) return file;
  return SIBLINGS.has(folder) ? `test/${folder}/${sibling}` : `test/${folder}`;
}

const bytesOf = (files: readonly string[]): number =>
  files.reduce((sum, file) => sum + statSync(resolve(root, file)).size, 0);
