// Builds dist/: JavaScript, what the editor loads for each node, editor bundles, icons, words and examples.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleEditor } from './build/editor-bundles.ts';
import { findNodes, root, type NodeFolder } from './build/find-nodes.ts';
import { nodeHtml } from './build/node-html.ts';
import { nodeWords } from './build/node-words.ts';
import { writeExamples } from './build/examples.ts';

const dist = join(root, 'dist');
/** Built aside and swapped in whole: a start beside a build never sees half of one, and a failed build leaves the last. */
const aside = join(root, `dist.new-${process.pid}`);

compile();
const nodes = await findNodes();
await Promise.all(nodes.map(writeNode));
await bundleEditor(nodes, aside);
await writeExamples();
await rm(dist, { recursive: true, force: true });
await rename(aside, dist);

function compile(): void {
  // Types are checked by `npm run check`; starting must not wait for it.
  const line = [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'tsconfig.build.json')];
  const done = spawnSync(process.execPath, [...line, '--noCheck', '--outDir', aside], { stdio: ['ignore', 2, 2] });
  if (done.status === 0) return;
  rmSync(aside, { recursive: true, force: true });
  process.exit(1);
}

async function writeNode({ folder, set, definition }: NodeFolder): Promise<void> {
  const target = join(aside, folder);
  await mkdir(join(target, 'locales/en-US'), { recursive: true });
  await mkdir(join(target, 'icons'), { recursive: true });
  const icon = existsSync(join(root, folder, 'icon.svg'))
    ? join(root, folder, 'icon.svg')
    : join(root, 'nodes', set, 'icon.svg');
  const iconName = `${definition.type}.svg`;
  await cp(icon, join(target, 'icons', iconName));
  const help = await readFile(join(root, folder, 'help.md'), 'utf8');
  await writeFile(join(target, 'node.html'), nodeHtml(definition, iconName, help));
  await writeFile(join(target, 'locales/en-US/node.json'), `${JSON.stringify(nodeWords(definition), null, 2)}\n`);
}
