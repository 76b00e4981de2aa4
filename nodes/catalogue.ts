import { globSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Definition } from '../src/spec/definition.ts';

/** One node type and the folder that holds all of it. */
export interface CatalogueEntry {
  /** Below `nodes/`: `mqtt/in`; its type is `chartwire-mqtt-in`. */
  readonly folder: string;
  readonly definition: Definition;
}

/** Every node type there is: whatever folder holds a definition, as source or built. */
export async function loadCatalogue(): Promise<CatalogueEntry[]> {
  const root = import.meta.dirname;
  const files = globSync(['**/definition.ts', '**/definition.js'], { cwd: root }).toSorted();
  return Promise.all(
    files.map(async (file) => {
      const loaded: { definition: Definition } = await import(pathToFileURL(join(root, file)).href);
      return { folder: relative('.', dirname(file)), definition: loaded.definition };
    }),
  );
}
