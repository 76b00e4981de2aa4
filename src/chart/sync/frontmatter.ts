import { type Document, isMap, isScalar, parseDocument, YAMLMap } from 'yaml';
import type { ParsedChart } from '../parse/parse-chart.ts';
import { onOneLine, plainScalars, WRITTEN } from '../write/yaml-block.ts';

/** What is to be said of one part of the chart in the `flow:` block; `undefined` takes a name away. */
export type EntryChange = Readonly<Record<string, unknown>>;

/** Writes changes of the frontmatter into a chart: comments, order and everything else in it stay. */
export function withFrontmatter(
  { text, frontmatter }: ParsedChart,
  entries: ReadonlyMap<string, EntryChange>,
  title?: string,
): string {
  if (entries.size === 0 && title === undefined) return text;
  const lineEnd = /\r?\n/.exec(text)?.[0] ?? '\n';
  const body = frontmatter ? text.slice(frontmatter.body.start, frontmatter.body.end) : '';
  const indent = /^[ \t]*/.exec(body)?.[0] ?? '';
  const document = parseDocument(body.replaceAll('\r\n', '\n').replaceAll(`\n${indent}`, '\n').slice(indent.length), {
    logLevel: 'silent',
  });
  if (title !== undefined) document.set('title', title);
  for (const [id, change] of entries) setEntry(document, id, change);
  const written = document.toString(WRITTEN).trimEnd().replaceAll('\n', `${lineEnd}${indent}`);
  if (!frontmatter) return `---${lineEnd}${written}${lineEnd}---${lineEnd}${text.trimStart()}`;
  const { start, end } = frontmatter.body;
  const gap = end > start || body !== '' ? '' : lineEnd;
  return text.slice(0, start) + indent + written + gap + text.slice(end);
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
