import { build } from 'esbuild';
import { existsSync, globSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { root, type NodeFolder } from './find-nodes.ts';

/** A plugin must have a script on the server side, even when all of it runs in the editor. */
const NOTHING = 'export default function () {}\n';

/** Bundles the editor code into `dist`: the adapter's, which knows every definition, and each set's `editor/index.ts`. */
export async function bundleEditor(nodes: readonly NodeFolder[], dist: string): Promise<void> {
  const imports = nodes.map(
    ({ folder }, index) => `import { definition as d${index} } from './${folder}/definition.ts';`,
  );
  const list = nodes.map((_, index) => `d${index}`).join(', ');
  const adapter = `${imports.join('\n')}
import { install } from './nodes/adapter/editor/index.ts';
install([${list}]);`;
  await writePlugin(join(dist, 'nodes/adapter'), await bundle(adapter));
  for (const entry of globSync('nodes/*/editor/index.ts', { cwd: root })) {
    const folder = relative('.', join(entry, '../..'));
    if (folder === 'nodes/adapter') continue;
    await writePlugin(join(dist, folder), await bundle(`import './${entry}';`));
    const words = join(root, folder, 'locales');
    if (existsSync(words)) await cp(words, join(dist, folder, 'locales'), { recursive: true });
  }
}

async function bundle(contents: string): Promise<string> {
  const result = await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  return result.outputFiles[0]?.text ?? '';
}

async function writePlugin(target: string, script: string): Promise<void> {
  await mkdir(target, { recursive: true });
  // "</script" inside a string would end the element early.
  const safe = script.replaceAll('</script', String.raw`<\/script`);
  await writeFile(join(target, 'plugin.html'), `<script type="text/javascript">\n${safe}</script>\n`);
  const server = join(target, 'plugin.js');
  if (!existsSync(server)) {
    await mkdir(dirname(server), { recursive: true });
    await writeFile(server, NOTHING);
  }
}
