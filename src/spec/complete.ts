import type { Definition } from './definition.ts';
import { VERSION_KEY } from './settings.ts';

/** A node with everything the editor expects to stand in a flow: defaults, version and number of outputs. */
export function completeNode<Node extends Readonly<Record<string, unknown>>>(definition: Definition, node: Node): Node {
  const stored = Object.entries(definition.fields).filter(([, field]) => field.kind !== 'secret');
  const defaults = Object.fromEntries(stored.map(([name, field]) => [name, field.default]));
  const { outputs } = definition;
  const complete = { name: '', chartId: '', [VERSION_KEY]: definition.version, ...defaults, ...node };
  if (typeof outputs === 'number') return complete;
  const rows: unknown = Reflect.get(complete, outputs.rowsOf);
  return { ...complete, outputs: Array.isArray(rows) ? rows.length : 1 };
}
