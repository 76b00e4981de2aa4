import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecret, readSecret } from '../../src/security/secret-file.ts';

/** The flow a first start opens with. */
const FIRST_FLOW = 'flows/mission.json';

/** Makes the folder Node-RED keeps its state in; a home without a flow gets the first one. Resolves with the folder. */
export async function openUserFolder(home: string, packageFolder: string): Promise<string> {
  const folder = join(home, 'node-red');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Not a plain copy: that would keep the mode of the original, which everybody may read.
  await createSecret(join(folder, 'flows.json'), await readFile(join(packageFolder, FIRST_FLOW), 'utf8'));
  return folder;
}

/** The key credentials are encrypted with: outside the folder of the flows, and not in any file Node-RED writes. */
export async function openCredentialKey(home: string): Promise<string> {
  const file = join(home, 'credential.key');
  await createSecret(file, randomBytes(32).toString('hex'));
  const key = await readSecret(file);
  if (key === undefined) throw new Error(`${file} vanished while it was opened`);
  return key.text;
}
