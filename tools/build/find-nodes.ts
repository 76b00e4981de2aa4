import { join } from 'node:path';
import { loadCatalogue } from '../../nodes/catalogue.ts';
import type { Definition } from '../../src/spec/definition.ts';

export const root = join(import.meta.dirname, '../..');

/** One node type, with its folder from the root and the palette set it belongs to. */
export interface NodeFolder {
  readonly folder: string;
  /** The folder below `nodes/`. */
  readonly set: string;
  readonly definition: Definition;
}

/** Every node type there is. */
export async function findNodes(): Promise<NodeFolder[]> {
  const entries = await loadCatalogue();
  return entries.map(({ folder, definition }) => ({
    folder: join('nodes', folder),
    set: folder.split(/[/\\]/)[0] ?? '',
    definition,
  }));
}
