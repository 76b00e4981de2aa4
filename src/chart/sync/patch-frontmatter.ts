import { isMap, isScalar } from 'yaml';
import { yamlBlock } from '../write/yaml-block.ts';
import {
  linesOfPart,
  partsOf,
  partText,
  topMap,
  withSetting,
  withTopSetting,
  type YamlPart,
} from '../write/yaml-patch.ts';
import type { EntryChange } from './frontmatter.ts';
import { applyTextEdits, type TextEdit } from './text-edits.ts';

/**
 * The YAML of a frontmatter with changed entries, and not a byte else changed. Undefined when it is written in a way that cannot be
 * changed in place: then it is to be written anew.
 */
export function patchedFrontmatter(
  body: string,
  entries: ReadonlyMap<string, EntryChange>,
  title: string | undefined,
  lineEnd: string,
): string | undefined {
  const titled = title === undefined ? body : withTopSetting(body, 'title', title, lineEnd);
  if (titled === undefined || entries.size === 0) return titled;
  const top = topMap(titled);
  if (!top || top.flow === true) return undefined;
  const flow = partsOf(top).find(({ name }) => name === 'flow');
  if (!flow) {
    const made = Object.fromEntries([...entries].map(([id, change]) => [id, settled(change)]));
    const [first] = partsOf(top);
    const indent = (first && linesOfPart(titled, first)?.indent) ?? '';
    const block = yamlBlock({ flow: made }).replaceAll('\n', `${lineEnd}${indent}`);
    return `${titled}${titled.endsWith('\n') ? '' : lineEnd}${indent}${block}`;
  }
  return withEntries(titled, flow, entries, lineEnd);
}

function withEntries(
  text: string,
  flow: YamlPart,
  entries: ReadonlyMap<string, EntryChange>,
  lineEnd: string,
): string | undefined {
  const { value } = flow;
  const own = linesOfPart(text, flow);
  const isEmpty = value === null || (isScalar(value) && value.value === null);
  if (!own || (!isEmpty && (!isMap(value) || value.flow === true))) return undefined;
  const there = isMap(value) ? partsOf(value) : [];
  const last = there.at(-1);
  const behind = last ? linesOfPart(text, last) : { end: own.end, indent: `${own.indent}  ` };
  if (!behind) return undefined;
  const edits: TextEdit[] = [];
  const fresh: string[] = [];
  for (const [id, change] of entries) {
    const part = there.find(({ name }) => name === id);
    if (!part) {
      const made = settled(change);
      if (Object.keys(made).length > 0) fresh.push(behind.indent + partText(id, made, behind.indent, lineEnd));
      continue;
    }
    const lines = linesOfPart(text, part);
    const changed = lines && withChange(text.slice(lines.start, lines.end), id, change, lineEnd);
    if (lines === undefined || changed === undefined) return undefined;
    edits.push({ start: lines.start, end: lines.end, text: changed });
  }
  const closed = text[behind.end - 1] === '\n';
  const lines = fresh.map((line) => (closed ? line + lineEnd : lineEnd + line)).join('');
  edits.push({ start: behind.end, end: behind.end, text: lines });
  return applyTextEdits(text, edits);
}

/** The lines of one entry with its changes; no lines when nothing is left of it. */
function withChange(lines: string, id: string, change: EntryChange, lineEnd: string): string | undefined {
  let text: string | undefined = lines;
  for (const [name, value] of Object.entries(change)) {
    const map: ReturnType<typeof topMap> = topMap(text);
    const held = map && partsOf(map).find((part) => part.name === id)?.value;
    const isLast = isMap(held) && held.items.length === 1 && partsOf(held)[0]?.name === name;
    if (value === undefined && isLast) return Object.values(change).every((one) => one === undefined) ? '' : undefined;
    text = withSetting(text, id, name, value, lineEnd);
    if (text === undefined) return undefined;
  }
  return text;
}

const settled = (change: EntryChange): object =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
