/**
 * The few file operations the store is made of, relative to its root, each a step a crash can fall between.
 * Behind it: a disk, or in tests a model that forgets what was not synced.
 */
export interface Files {
  makeDir(path: string): void;
  /** Creates or overwrites, readable by the owner only. Durable only after `sync`. */
  write(path: string, bytes: Uint8Array): void;
  /** Forces a file's content to the disk. */
  sync(path: string): void;
  /** Durable only after `syncDir` of the directory. */
  rename(from: string, to: string): void;
  remove(path: string): void;
  syncDir(path: string): void;
  read(path: string): Uint8Array | undefined;
  list(path: string): string[];
}
