import { type Document, isScalar, parseDocument, visit } from 'yaml';

/** What a piece of YAML says, with every map as a `Map`, or the place (offset in the piece) and reason it cannot be read. */
export type YamlReading = { value: unknown } | { problem: string; at: number };

export function readYaml(text: string): YamlReading {
  try {
    // The library's own look for names that stand twice compares each with all others.
    const document = parseDocument(text, { prettyErrors: false, logLevel: 'silent', uniqueKeys: false });
    // A tag that nobody knows is an error to Mermaid.
    const error = document.errors[0] ?? document.warnings[0];
    if (error) return { problem: error.message, at: error.pos[0] };
    const twice = nameTwice(document);
    if (twice) return twice;
    const value: unknown = document.toJS({ mapAsMap: true, maxAliasCount: 100 });
    return { value };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error), at: 0 };
  }
}

function nameTwice(document: Document.Parsed): { problem: string; at: number } | undefined {
  let found: { problem: string; at: number } | undefined;
  visit(document, {
    Map: (_key, { items }) => {
      const names = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (names.has(key.value)) {
          found = { problem: `"${String(key.value)}" stands there twice`, at: key.range?.[0] ?? 0 };
          return visit.BREAK;
        }
        names.add(key.value);
      }
      return undefined;
    },
  });
  return found;
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
