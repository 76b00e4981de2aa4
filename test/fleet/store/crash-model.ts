import { posix } from 'node:path';
import type { Files } from '../../../src/fleet/store/files.ts';

type Entry = { readonly path: string; readonly file: File | undefined };
/** A file's content: what is surely on disk, and what a crash may leave in its place. */
interface File {
  synced: Uint8Array | undefined;
  written: Uint8Array;
}

/** One step the store took, replayed to build what a crash after it may leave. */
type Step =
  | { readonly kind: 'write'; readonly path: string; readonly bytes: Uint8Array }
  | { readonly kind: 'sync' | 'remove' | 'syncDir'; readonly path: string }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string };

export type Disk = ReadonlyMap<string, Uint8Array>;

/** {@link Files} in memory that notes every step. */
export class RecordingFiles implements Files {
  readonly steps: Step[] = [];
  readonly #now: Map<string, Uint8Array>;
  readonly start: Disk;

  constructor(start: Disk = new Map()) {
    this.start = start;
    this.#now = new Map(start);
  }

  /** Directories are made once, before anything matters: taken as durable. */
  makeDir(): void {}

  write(path: string, bytes: Uint8Array): void {
    this.#now.set(path, bytes);
    this.steps.push({ kind: 'write', path, bytes });
  }

  sync(path: string): void {
    this.steps.push({ kind: 'sync', path });
  }

  rename(path: string, to: string): void {
    const bytes = this.#now.get(path);
    if (bytes === undefined) throw new Error(`no ${path}`);
    this.#now.delete(path);
    this.#now.set(to, bytes);
    this.steps.push({ kind: 'rename', path, to });
  }

  remove(path: string): void {
    this.#now.delete(path);
    this.steps.push({ kind: 'remove', path });
  }

  syncDir(path: string): void {
    this.steps.push({ kind: 'syncDir', path });
  }

  read(path: string): Uint8Array | undefined {
    return this.#now.get(path);
  }

  list(path: string): string[] {
    return [...this.#now.keys()].filter((name) => posix.dirname(name) === path).map((name) => posix.basename(name));
  }
}

/**
 * Every disk a crash after these steps may leave: each directory change not yet forced may or may not have arrived, in
 * any combination, and each content not yet forced may be there, half there, or empty.
 */
export function* disksAfter(start: Disk, steps: readonly Step[]): Generator<Disk> {
  const { durable, pending } = replay(start, steps);
  for (let chosen = 0; chosen < 2 ** pending.length; chosen += 1) {
    const entries = new Map(durable);
    pending.forEach((changes, index) => {
      if (chosen & (1 << index)) for (const { path, file } of changes) setEntry(entries, path, file);
    });
    const loose = [...entries].filter(([, file]) => file.synced !== file.written);
    for (let torn = 0; torn < 3 ** loose.length; torn += 1) {
      const disk = new Map<string, Uint8Array>();
      for (const [path, file] of entries) disk.set(path, file.written);
      let left = torn;
      for (const [path, file] of loose) {
        disk.set(path, contentLeft(file, left % 3));
        left = Math.floor(left / 3);
      }
      yield disk;
    }
  }
}

function replay(start: Disk, steps: readonly Step[]): { durable: Map<string, File>; pending: Entry[][] } {
  const durable = new Map<string, File>([...start].map(([path, bytes]) => [path, { synced: bytes, written: bytes }]));
  const now = new Map(durable);
  let pending: Entry[][] = [];
  const change = (...changes: Entry[]): void => {
    for (const { path, file } of changes) setEntry(now, path, file);
    pending.push(changes);
  };
  for (const step of steps) {
    const file = now.get(step.path);
    if (step.kind === 'write') {
      if (file === undefined) change({ path: step.path, file: { synced: undefined, written: step.bytes } });
      else file.written = step.bytes;
    } else if (step.kind === 'sync' && file !== undefined) file.synced = file.written;
    else if (step.kind === 'rename') change({ path: step.path, file: undefined }, { path: step.to, file });
    else if (step.kind === 'remove') change({ path: step.path, file: undefined });
    else if (step.kind === 'syncDir') {
      const here = (changes: Entry[]): boolean => changes.some(({ path }) => posix.dirname(path) === step.path);
      for (const { path, file } of pending.filter(here).flat()) setEntry(durable, path, file);
      pending = pending.filter((changes) => !here(changes));
    }
  }
  return { durable, pending };
}

function setEntry(entries: Map<string, File>, path: string, file: File | undefined): void {
  if (file === undefined) entries.delete(path);
  else entries.set(path, file);
}

function contentLeft(file: File, choice: number): Uint8Array {
  if (choice === 0) return file.written;
  return choice === 1 ? file.written.subarray(0, file.written.length >> 1) : new Uint8Array();
}
