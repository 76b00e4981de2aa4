import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The names say of which process, so that a later one knows what was left behind. */
const OURS = /^chartwire-(\d+)-[0-9a-f-]{36}$/;
/** Those of requests under way here. */
const open = new Set<string>();

/** A folder for the files of one request. */
export interface UploadFolder {
  readonly path: string;
  /** With all that is in it. */
  readonly remove: () => Promise<void>;
}

export async function newUploadFolder(folder: string): Promise<UploadFolder> {
  const name = `chartwire-${process.pid}-${randomUUID()}`;
  const path = join(folder, name);
  const remove = (): Promise<void> => rm(path, { recursive: true, force: true }).finally(() => void open.delete(name));
  open.add(name);
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    return { path, remove };
  } catch (error) {
    open.delete(name);
    throw error;
  }
}

/** Removes the files of requests whose process was killed: nobody else would. */
export async function removeLeftUploads(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const left = names.filter((name) => {
    const pid = OURS.exec(name)?.[1];
    return pid !== undefined && !open.has(name) && (Number(pid) === process.pid || !isAlive(Number(pid)));
  });
  await Promise.all(left.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It may be that of somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
