import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Files } from './files.ts';

/** {@link Files} on a real directory. */
export function diskFiles(root: string): Files {
  const at = (path: string): string => join(root, path);
  const sync = (path: string): void => {
    const descriptor = openSync(at(path), 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  };
  return {
    makeDir: (path) => void mkdirSync(at(path), { recursive: true, mode: 0o700 }),
    write: (path, bytes) => writeFileSync(at(path), bytes, { mode: 0o600 }),
    sync,
    rename: (from, to) => renameSync(at(from), at(to)),
    remove: (path) => rmSync(at(path), { force: true }),
    // Windows cannot sync a directory; its rename is journalled.
    syncDir: (path) => void (process.platform === 'win32' || sync(path)),
    read: (path) => orUndefined(() => readFileSync(at(path))),
    list: (path) => readdirSync(at(path)),
  };
}

function orUndefined<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
