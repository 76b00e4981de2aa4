import { posix } from 'node:path';
import type { Files } from './files.ts';

const TEMPORARY = '.tmp';

/** Replaces a file so that after any crash it is whole: the old one or the new one. On return the new one is durable. */
export function replaceFile(files: Files, path: string, bytes: Uint8Array): void {
  const temporary = `${path}${TEMPORARY}`;
  files.write(temporary, bytes);
  files.sync(temporary);
  files.rename(temporary, path);
  files.syncDir(posix.dirname(path));
}

/** Removes what a crash in {@link replaceFile} left in this directory. */
export function sweep(files: Files, directory: string): void {
  for (const name of files.list(directory)) {
    if (name.endsWith(TEMPORARY)) files.remove(posix.join(directory, name));
  }
}
