import { isRecord } from '../../is-record.ts';
import { type Document, isMap, isScalar, parseDocument, YAMLMap } from 'yaml';
import { sameValue } from '../flow-node.ts';
import { mermaidTags, plainValue, readYaml } from '../parse/data.ts';
import type { ParsedChart } from '../parse/parse-chart.ts';
import { onOneLine, plainScalars, WRITTEN } from '../write/yaml-block.ts';
import { patchedFrontmatter } from './patch-frontmatter.ts';

/** What is to be said of one part of the chart in the `flow:` block; `undefined` takes a name away. */
export type EntryChange = Readonly<Record<string, unknown>>;

/** What is left when the last entry goes. */
const SAYS_NOTHING = /^\s*flow:\s*(\{\s*\})?\s*$/;

/** Writes changes of the frontmatter into a chart. All else in it stays as it is, to the byte, unless it is written so that it cannot. */
export function withFrontmatter(
  { text, frontmatter }: ParsedChart,
  entries: ReadonlyMap<string, EntryChange>,
  title?: string,
): string {
  if (entries.size === 0 && title === undefined) return text;
  const lineEnd = /\r?\n/.exec(text)?.[0] ?? '\n';
  const body = frontmatter ? text.slice(frontmatter.body.start, frontmatter.body.end) : '';
  const written = rewritten(body, entries, title, lineEnd);
  if (!frontmatter) return `---${lineEnd}${written}${lineEnd}---${lineEnd}${text.trimStart()}`;
  const patched = patchedFrontmatter(body, entries, title, lineEnd);
  const isSame = patched !== undefined && sameValue(valueOf(patched), valueOf(written));
  const { start, end } = frontmatter.body;
  const after = isSame ? patched : written;
  if (SAYS_NOTHING.test(after) && !SAYS_NOTHING.test(body))
    return text.slice(0, frontmatter.span.start) + text.slice(frontmatter.span.end);
  const gap = end > start || body !== '' ? '' : lineEnd;
  return text.slice(0, start) + after + gap + text.slice(end);
}

/** What YAML says, with the names in any order; an empty block says as much as none. */
function valueOf(yaml: string): unknown {
  const reading = readYaml(yaml);
  if (!('value' in reading)) return reading;
  const value = plainValue(reading.value);
  return isRecord(value) ? { ...value, flow: value['flow'] ?? {} } : value;
}

/** The whole frontmatter in one form: comments and order stay, spaces and quotes may not. */
function rewritten(
  body: string,
  entries: ReadonlyMap<string, EntryChange>,
  title: string | undefined,
  lineEnd: string,
): string {
  const indent = /^[ \t]*/.exec(body)?.[0] ?? '';
  const document = parseDocument(body.replaceAll('\r\n', '\n').replaceAll(`\n${indent}`, '\n').slice(indent.length), {
    logLevel: 'silent',
    customTags: mermaidTags,
  });
  if (title !== undefined) document.set('title', title);
  for (const [id, change] of entries) setEntry(document, id, change);
  return indent + document.toString(WRITTEN).trimEnd().replaceAll('\n', `${lineEnd}${indent}`);
}

function setEntry(document: Document, id: string, change: EntryChange): void {
  if (!isMap(document.contents)) document.contents = new YAMLMap();
  if (!isMap(document.get('flow', true))) document.set('flow', new YAMLMap());
  const block = document.get('flow', true);
  if (!isMap(block)) return;
  const key = keyOf(block, id);
  const map = mapAt(block, key);
  for (const [name, value] of Object.entries(change)) {
    const at = keyOf(map, name);
    if (value === undefined) {
      map.delete(at);
      continue;
    }
    const node = document.createNode(value);
    const held = new YAMLMap();
    held.set('value', node);
    plainScalars(held);
    if (isMap(node)) onOneLine(node);
    map.set(at, node);
  }
  if (map.items.length === 0) block.delete(key);
  else if (map.comment === undefined && map.items.every(({ value }) => !isScalar(value) || value.comment === undefined))
    onOneLine(map);
}

/** The entry as a map; the name of a type alone becomes one. */
function mapAt(block: YAMLMap, key: unknown): YAMLMap {
  const entry: unknown = block.get(key, true);
  if (isMap(entry)) return entry;
  const made = new YAMLMap();
  if (isScalar(entry) && typeof entry.value === 'string') made.set('type', entry.value);
  block.set(key, made);
  return made;
}

/** The key as it stands in a map: an id such as 1 may have been written without quotes. */
function keyOf(map: YAMLMap, name: string): unknown {
  return map.items.find(({ key }) => String(isScalar(key) ? key.value : key) === name)?.key ?? name;
}
