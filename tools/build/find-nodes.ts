import { globSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Definition } from '../../src/spec/definition.ts';

export const root = join(import.meta.dirname, '../..');

/** One node type and the folder that holds all of it. */
export interface NodeFolder {
  /** `nodes/mqtt/in`; its type is `chartwire-mqtt-in`. */
  readonly folder: string;
  /** The palette set: the folder below `nodes/`. */
  readonly set: string;
  readonly definition: Definition;
}

/** Every node type there is: whatever folder below `nodes/` holds a definition. */
export async function findNodes(): Promise<NodeFolder[]> {
  const files = globSync('nodes/**/definition.ts', { cwd: root }).toSorted();
  return Promise.all(
    files.map(async (file) => {
      const folder = dirname(file);
      const loaded: { definition: Definition } = await import(pathToFileURL(join(root, file)).href);
      return { folder, set: relative('nodes', folder).split(/[/\\]/)[0] ?? '', definition: loaded.definition };
    }),
  );
}
