import type { Definition } from './definition.ts';
import type { Field, Fields, SettingsOf } from './field.ts';

/** Where a stored node says which version of its fields it was saved with. */
export const VERSION_KEY = 'schemaVersion';

/** Settings as they stand in a flow file, lifted to the newest version, with defaults for what is missing. */
export function readSettings<F extends Fields>(
  definition: Definition<F>,
  stored: Readonly<Record<string, unknown>>,
): SettingsOf<F> {
  const migrated = migrate(definition, stored);
  const entries = Object.entries(definition.fields).map(([name, field]) => [name, valueOf(field, migrated[name])]);
  return Object.fromEntries(entries) as SettingsOf<F>;
}

/** The stored settings after every migration that is due. */
export function migrate(
  definition: Pick<Definition, 'migrations'>,
  stored: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const from = typeof stored[VERSION_KEY] === 'number' ? stored[VERSION_KEY] : 1;
  return definition.migrations
    .filter((migration) => migration.to > from)
    .reduce<Record<string, unknown>>((settings, migration) => migration.up(settings), { ...stored });
}

function valueOf(field: Field, value: unknown): unknown {
  if (value === undefined) return field.default;
  if (field.kind === 'number' && typeof value === 'string' && value.trim() !== '') return Number(value);
  return value;
}
