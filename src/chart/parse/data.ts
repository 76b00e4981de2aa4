import { Composer, type Document, isMap, isScalar, Parser, type Scalar, visit, type YAMLError } from 'yaml';

/** What a piece of YAML says, with every map as a `Map`, or the place (offset in the piece) and reason it cannot be read. */
export type YamlReading = { value: unknown } | { problem: string; at: number };

export function readYaml(text: string): YamlReading {
  const reading = readStrictly(text);
  if (!('problem' in reading)) return reading;
  // Mermaid cares little how deep the lines of a text in quotes are indented.
  const again = readStrictly(text.replace(/'[^']*'/g, (quoted) => quoted.replaceAll('\n', '\n'.padEnd(99))));
  return 'problem' in again ? reading : again;
}

function readStrictly(text: string): YamlReading {
  try {
    // The library's own look for names that stand twice compares each with all others.
    const composer = new Composer({ logLevel: 'silent', uniqueKeys: false });
    const [document, second] = composer.compose(new Parser().parse(text), true, text.length);
    if (!document || second) return { problem: 'it is more than one document', at: second?.range[0] ?? 0 };
    // To Mermaid a comment right behind a word is no error, nor a tab before what is no map; a tag that nobody knows is one.
    const isError = ({ code, message }: YAMLError): boolean =>
      !message.startsWith('Comments') && (code !== 'TAB_AS_INDENT' || isMap(document.contents));
    const error = document.errors.find(isError) ?? document.warnings[0];
    if (error) return { problem: error.message, at: error.pos[0] };
    const twice = nameTwice(document);
    if (twice) return { problem: `"${twice.source}" stands there twice`, at: twice.range?.[0] ?? 0 };
    const value: unknown = document.toJS({ mapAsMap: true, maxAliasCount: 100 });
    return { value };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error), at: 0 };
  }
}

function nameTwice(document: Document.Parsed): Scalar | undefined {
  let found: Scalar | undefined;
  visit(document, {
    Map: (_key, { items }) => {
      const names = new Set<unknown>();
      const isTwice = (key: unknown): key is Scalar => {
        const { size } = names;
        return isScalar(key) && names.add(key.value).size === size;
      };
      found = items.map(({ key }) => key).find(isTwice);
      return found && visit.BREAK;
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

/** A YAML value as text, lists and maps as JSON; undefined for what says nothing to Mermaid: the empty text, `false`, 0. */
export function textOf(value: unknown): string | undefined {
  return value ? writtenText(value) : undefined;
}

export const writtenText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(plainValue(value));
