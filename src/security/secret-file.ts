import { readFile, stat } from 'node:fs/promises';
import { Fault } from '../fault.ts';
import { createFile, isCode, replaceFile } from './atomic-file.ts';

const OWNER_ONLY = 0o600;

/** A secret as it was read, with a warning text when others than the owner could have read it. */
export interface Secret {
  readonly text: string;
  readonly warning: string | undefined;
}

/** Writes a secret atomically with mode 0600. */
export function writeSecret(path: string, text: string): Promise<void> {
  return replaceFile(path, text, OWNER_ONLY);
}

/** Writes a secret unless the file exists; resolves with false when it does. For secrets made on first use. */
export function createSecret(path: string, text: string): Promise<boolean> {
  return createFile(path, text, OWNER_ONLY);
}

/** Resolves with undefined when there is no such file. Throws FILE_UNREADABLE. */
export async function readSecret(path: string): Promise<Secret | undefined> {
  try {
    const text = await readFile(path, 'utf8');
    return { text, warning: await secretFileProblem(path) };
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw new Fault('FILE_UNREADABLE', { file: path, reason: reasonOf(error) }, { cause: error });
  }
}

/** Says it when a file's mode lets others read or write it. Windows keeps no such mode. */
export async function secretFileProblem(path: string): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined;
  const mode = (await stat(path)).mode & 0o777;
  if ((mode & ~OWNER_ONLY) === 0) return undefined;
  return `${path} holds a secret but has mode ${mode.toString(8).padStart(4, '0')}; run: chmod 600 '${path}', and renew the secret if others use this machine`;
}

/** Some of the system's errors do not name their file. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
