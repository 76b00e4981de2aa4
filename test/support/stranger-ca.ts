import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAuthority } from '../../src/security/certificates.ts';

let made: Promise<string> | undefined;

/** The certificate of a CA that has signed nothing of ours. PEM. */
export async function strangerCa(): Promise<string> {
  made ??= makeCa();
  return made;
}

async function makeCa(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-stranger-'));
  try {
    return (await openAuthority(folder)).ca;
  } finally {
    await rm(folder, { recursive: true });
  }
}
