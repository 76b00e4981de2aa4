import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readSecret, writeSecret } from '../security/secret-file.ts';

/** How a command finds the process that runs on a home, and proves that it may talk to it: the file is readable only by its owner. */
export interface ControlAddress {
  readonly pid: number;
  readonly url: string;
  readonly token: string;
}

const fileOf = (home: string): string => join(home, 'control.json');

export async function writeControlAddress(home: string, address: ControlAddress): Promise<void> {
  await writeSecret(fileOf(home), `${JSON.stringify(address)}\n`);
}

export async function findControlAddress(home: string): Promise<ControlAddress | undefined> {
  const file = await readSecret(fileOf(home));
  if (file === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(file.text);
    return isAddress(parsed) ? parsed : undefined;
  } catch {
    return undefined; // damaged: as if nothing ran, and the next start writes it anew
  }
}

export async function removeControlAddress(home: string): Promise<void> {
  await rm(fileOf(home), { force: true });
}

function isAddress(value: unknown): value is ControlAddress {
  return (
    typeof value === 'object' &&
    value !== null &&
    'url' in value &&
    typeof value.url === 'string' &&
    'token' in value &&
    typeof value.token === 'string' &&
    'pid' in value &&
    typeof value.pid === 'number'
  );
}
