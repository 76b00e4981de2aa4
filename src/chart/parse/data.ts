import { parseDocument } from 'yaml';

/** What a piece of YAML says, with every map as a `Map`, or the place (offset in the piece) and reason it cannot be read. */
export type YamlReading = { value: unknown } | { problem: string; at: number };

export function readYaml(text: string): YamlReading {
  try {
    const document = parseDocument(text, { prettyErrors: false, logLevel: 'silent' });
    // A tag that nobody knows is an error to Mermaid.
    const error = document.errors[0] ?? document.warnings[0];
    if (error) return { problem: error.message, at: error.pos[0] };
    const value: unknown = document.toJS({ mapAsMap: true, maxAliasCount: 100 });
    return { value };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error), at: 0 };
  }
}

/** What `@{ … }` says: one line is a flow map, several lines are ordinary YAML, as Mermaid has it. */
export function readData(yaml: string): { data: ReadonlyMap<string, unknown> } | { problem: string } {
  const reading = readYaml(yaml.includes('\n') ? yaml : `{\n${yaml}\n}`);
  if ('problem' in reading) return { problem: reading.problem };
  const { value } = reading;
  if (!(value instanceof Map)) return { data: new Map() };
  return { data: new Map([...value].map(([key, entry]) => [String(key), entry])) };
}

/** A YAML value with its maps as plain objects (without a prototype's names in the way). */
export function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainValue);
  if (!(value instanceof Map)) return value;
  return Object.fromEntries([...value].map(([key, entry]) => [String(key), plainValue(entry)]));
}

/** A YAML scalar as text; undefined for nothing, the empty text, lists and maps. */
export function scalarText(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
