import { globSync } from 'node:fs';
import { cp, mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { root } from './find-nodes.ts';

/** The shared flows are also what Import > Examples lists. */
export async function writeExamples(): Promise<void> {
  const examples = join(root, 'examples');
  await rm(examples, { recursive: true, force: true });
  await mkdir(examples, { recursive: true });
  for (const file of globSync('flows/*.json', { cwd: root })) {
    await cp(join(root, file), join(examples, basename(file)));
  }
}
