import type { NodeAPI } from 'node-red';
import { Fault } from '../../src/fault.ts';

/** A module a script uses, as a flow holds it; the names are those of the core node function. */
export interface StoredModule {
  /** The name the code knows it by. */
  readonly var: string;
  /** As for `import`: `lodash`, `lodash@4`, `node:crypto`. */
  readonly module: string;
}

/** The part of Node-RED that its types leave out: imports what it has installed for a flow. */
interface Importer {
  import(module: string): Promise<Readonly<Record<string, unknown>>>;
}

/** Imports the modules, by the names they have in the code. Throws SETTINGS_INVALID. */
export async function loadModules(
  RED: NodeAPI,
  modules: readonly StoredModule[],
  taken: (name: string) => boolean,
): Promise<Readonly<Record<string, unknown>>> {
  const wanted = modules.filter((row) => row.var !== '' && row.module !== '');
  if (wanted.length === 0) return {};
  if (Reflect.get(RED.settings, 'functionExternalModules') === false) {
    throw wrong('modules are switched off in settings.ts (functionExternalModules)');
  }
  const name = wanted.find((row) => row.var === 'node' || row.var === 'msg' || taken(row.var))?.var;
  if (name !== undefined) throw wrong(`a module cannot be called ${name}, which has a meaning already`);
  const loaded = await Promise.all(
    wanted.map(async (row) => {
      try {
        const found = await (RED as unknown as Importer).import(row.module);
        return [row.var, found['default'] ?? found] as const;
      } catch (error) {
        throw wrong(`the module ${row.module} cannot be loaded: ${String(error)}`);
      }
    }),
  );
  return Object.fromEntries(loaded);
}

const wrong = (problems: string): Fault => new Fault('SETTINGS_INVALID', { problems });
