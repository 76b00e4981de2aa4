import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../../src/fault.ts';
import { isRecord } from '../../src/is-record.ts';
import { createSecret, readSecret, writeSecret } from '../../src/security/secret-file.ts';

/** The flow a first start opens with. */
const FIRST_FLOW = 'flows/mission.json';
const FLOWS = 'flows.json';
/** Where Node-RED keeps the secrets of the flow, encrypted. */
const CREDENTIALS = 'flows_cred.json';

/**
 * Makes the folder Node-RED keeps its state in; a home without a flow gets the first one, and one given goes in the place of any. Resolves with the folder. Throws
 * FILE_DAMAGED: Node-RED would run on without what it cannot read, and the next deploy would write over it.
 */
export async function openUserFolder(home: string, packageFolder: string, flow?: readonly object[]): Promise<string> {
  const folder = userFolder(home);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (flow !== undefined) await writeSecret(join(folder, FLOWS), JSON.stringify(flow));
  // Not a plain copy: that would keep the mode of the original, which everybody may read.
  await createSecret(join(folder, FLOWS), await readFile(join(packageFolder, FIRST_FLOW), 'utf8'));
  // Before each deploy Node-RED copies the flow to `.flows.json.backup`.
  await checkJson(join(folder, FLOWS), 'a flow', (value) => Array.isArray(value) && value.every(isRecord));
  await checkJson(join(folder, CREDENTIALS), 'credentials', isRecord);
  return folder;
}

/** The key credentials are encrypted with: outside the folder of the flows, and not in any file Node-RED writes. Throws FILE_DAMAGED. */
export async function openCredentialKey(home: string): Promise<string> {
  const file = join(home, 'credential.key');
  if ((await readSecret(file)) === undefined) {
    const locked = join(userFolder(home), CREDENTIALS);
    if ((await readSecret(locked)) !== undefined) {
      throw new Fault('FILE_DAMAGED', { file: locked, reason: `its key ${file} is missing` });
    }
    await createSecret(file, randomBytes(32).toString('hex'));
  }
  const key = await readSecret(file);
  if (key === undefined || !/^[\da-f]{64}$/.test(key.text)) {
    throw new Fault('FILE_DAMAGED', { file, reason: 'it holds no key of 64 hex digits' });
  }
  return key.text;
}

const userFolder = (home: string): string => join(home, 'node-red');

async function checkJson(file: string, what: string, fits: (value: unknown) => boolean): Promise<void> {
  const kept = await readSecret(file);
  if (kept === undefined) return;
  let value: unknown;
  try {
    value = JSON.parse(kept.text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Fault('FILE_DAMAGED', { file, reason: `it is not JSON, so it does not hold ${what}` }, { cause: error });
  }
  if (!fits(value)) throw new Fault('FILE_DAMAGED', { file, reason: `it does not hold ${what}` });
}
