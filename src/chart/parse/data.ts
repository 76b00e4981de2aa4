import { Composer, type Document, isMap, isScalar, Parser, type Scalar, type Tags, visit, type YAMLError } from 'yaml';

/** What a piece of YAML says, with every map as a `Map`, or the place (offset in the piece) and reason it cannot be read. */
export type YamlReading = { value: unknown } | { problem: string; at: number };

/** Mermaid's numbers, where they are not those of YAML 1.2: `-.5` is none, `0b11` is one, and any may have a sign. */
export const mermaidTags = (tags: Tags): Tags => [
  { tag: 'tag:yaml.org,2002:str', default: true, test: /^[-+]\.\d/, resolve: String },
  {
    tag: 'tag:yaml.org,2002:int',
    default: true,
    test: /^[-+]?0(?:b[01]+|o[0-7]+|x[\da-fA-F]+)$/,
    resolve: (text: string) => Number(text.replace(/^[-+]/, '')) * (text.startsWith('-') ? -1 : 1),
  },
  ...tags,
];

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
    const composer = new Composer({ logLevel: 'silent', uniqueKeys: false, customTags: mermaidTags });
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

/** The first name that stands twice in one map. On the way a tag with nothing behind it becomes what it is to Mermaid: nothing. */
function nameTwice(document: Document.Parsed): Scalar | undefined {
  let found: Scalar | undefined;
  visit(document, {
    Scalar: (_key, scalar) => {
      if (scalar.tag === '!' && scalar.type === 'PLAIN' && scalar.source === '') scalar.value = null;
    },
    Map: (_key, { items }) => {
      const names = new Set<unknown>();
      const isTwice = (key: unknown): key is Scalar => isScalar(key) && names.size === names.add(key.value).size;
      found = items.map(({ key }) => key).find(isTwice);
      return found && visit.BREAK;
    },
  });
  return found;
}

/** What `@{ … }` says of a box, an arrow or a subgraph. */
export type Data = ReadonlyMap<string, unknown>;

/** What was said before, and what is said now, which counts. */
export const merged = (before: Data | undefined, added: Data): Data => new Map([...(before ?? []), ...added]);

/** Reads what `@{ … }` says: one line is a flow map, several lines are ordinary YAML, as Mermaid has it. */
export function readData(yaml: string): { data: Data } | { problem: string } {
  const reading = readYaml(yaml.includes('\n') ? yaml : `{\n${yaml}\n}`);
  if ('problem' in reading) return { problem: reading.problem };
  const { value } = reading;
  // Of a sentence or a list Mermaid takes the letters or items, called by their numbers.
  const entries: [unknown, unknown][] = value instanceof Map ? [...value] : Object.entries(value ?? {});
  return { data: new Map(entries.map(([key, entry]) => [String(key), entry])) };
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
