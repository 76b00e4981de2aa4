import { Document, isMap, isScalar, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { onOneLine, plainScalars, WRITTEN } from './yaml-block.ts';

/** A name and value of a map as it stands in a text. */
export interface YamlPart {
  readonly name: string;
  readonly key: Node;
  readonly value: Node | null;
}

/** The parts of a map, in their order. */
export const partsOf = (map: YAMLMap): YamlPart[] =>
  map.items.flatMap(({ key, value }: Pair) => {
    const node = key as Node;
    const name = String(isScalar(node) ? node.value : node);
    return [{ name, key: node, value: value as Node | null }];
  });

/** The map at the top of a piece of YAML; undefined when it cannot be read, or holds something else. */
export function topMap(text: string): YAMLMap | undefined {
  const document = parseDocument(text, { logLevel: 'silent' });
  return document.errors.length === 0 && isMap(document.contents) ? document.contents : undefined;
}

/** Where a part ends in the text, without a comment behind it. */
export function endOfPart({ key, value }: YamlPart): number {
  if (isMap(value) && value.flow !== true) {
    const last = partsOf(value).at(-1);
    if (last) return endOfPart(last);
  }
  return Math.max(value?.range?.[1] ?? 0, key.range?.[1] ?? 0);
}

const startOfLine = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

/** Behind the line a place is on, its line end included. */
function behindLine(text: string, at: number): number {
  if (at > 0 && text[at - 1] === '\n') return at;
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end + 1;
}

/** The whole lines of a part of a map that is written in lines. */
export function linesOfPart(text: string, part: YamlPart): { start: number; end: number; indent: string } | undefined {
  const at = part.key.range?.[0] ?? 0;
  const start = startOfLine(text, at);
  const indent = text.slice(start, at);
  return indent.trim() === '' ? { start, end: behindLine(text, endOfPart(part)), indent } : undefined;
}

/** `name: value` in lines, without indentation before the first. */
export function partText(name: string, value: unknown, indent: string, lineEnd: string): string {
  const document = new Document({ [name]: value });
  const map = document.contents as unknown as YAMLMap;
  const own = map.items[0]?.value;
  if (isMap(own)) onOneLine(own);
  plainScalars(document);
  return document.toString(WRITTEN).trimEnd().replaceAll('\n', `${lineEnd}${indent}`);
}

/** `name: value` as it stands between the braces of a map. */
function flowText(name: string, value: unknown): string {
  const document = new Document({ [name]: value });
  plainScalars(document);
  Object.assign(document.contents as object, { flow: true });
  return document.toString(WRITTEN).trim().slice(1, -1).trim();
}

/** A new part behind the last one of a map written in lines. */
function withPart(text: string, map: YAMLMap, name: string, value: unknown, lineEnd: string): string | undefined {
  const last = partsOf(map).at(-1);
  const lines = last && linesOfPart(text, last);
  if (!lines) return undefined;
  const { end, indent } = lines;
  const line = indent + partText(name, value, indent, lineEnd);
  return text.slice(0, end) + (text[end - 1] === '\n' ? line + lineEnd : lineEnd + line) + text.slice(end);
}

/** Sets a name of the map at the top. Undefined when it is written in a way that cannot be changed so. */
export function withTopSetting(text: string, name: string, value: unknown, lineEnd: string): string | undefined {
  const map = topMap(text);
  if (!map || map.flow === true) return undefined;
  const part = partsOf(map).find((one) => one.name === name);
  return part ? withValue(text, part, name, value, lineEnd) : withPart(text, map, name, value, lineEnd);
}

/**
 * Sets one name in the map that stands under `under` in a small text of lines, or takes it away with `undefined`. Everything else
 * stays as it is, to the byte. Undefined when it is written in a way that cannot be changed so.
 */
export function withSetting(
  text: string,
  under: string,
  name: string,
  value: unknown,
  lineEnd: string,
): string | undefined {
  const map = topMap(text);
  const around = map && partsOf(map).find((part) => part.name === under);
  if (!around) return undefined;
  const { value: held } = around;
  if (!isMap(held)) return value === undefined ? text : withFirst(text, around, name, value);
  if (held.flow === true) return inBraces(text, held, name, value);
  const part = partsOf(held).find((one) => one.name === name);
  if (part) return value === undefined ? withoutLines(text, part) : withValue(text, part, name, value, lineEnd);
  return value === undefined ? text : withPart(text, held, name, value, lineEnd);
}

/** A type alone, or nothing, becomes a map. */
function withFirst(text: string, { key, value }: YamlPart, name: string, first: unknown): string | undefined {
  const type = isScalar(value) && typeof value.value === 'string' ? text.slice(value.range?.[0], value.range?.[1]) : '';
  if (type === '' && !(value === null || (isScalar(value) && value.value === null))) return undefined;
  const colon = text.indexOf(':', key.range?.[1]) + 1;
  const start = type === '' ? colon : (value?.range?.[0] ?? colon);
  const end = Math.max(start, value?.range?.[1] ?? start);
  const parts = [...(type === '' || name === 'type' ? [] : [`type: ${type}`]), flowText(name, first)];
  return `${text.slice(0, start)}${start === colon ? ' ' : ''}{ ${parts.join(', ')} }${text.slice(end)}`;
}

function inBraces(text: string, map: YAMLMap, name: string, value: unknown): string {
  const parts = partsOf(map);
  const index = parts.findIndex((one) => one.name === name);
  const part = parts[index];
  const close = (map.range?.[1] ?? 0) - 1;
  if (!part) {
    if (value === undefined) return text;
    const last = parts.at(-1);
    const at = last ? endOfPart(last) : (map.range?.[0] ?? 0) + 1;
    const rest = last ? text.slice(at) : ` ${text.slice(close)}`;
    return `${text.slice(0, at)}${last ? ', ' : ' '}${flowText(name, value)}${rest}`;
  }
  const [before, after] = [parts[index - 1], parts[index + 1]];
  const start = part.key.range?.[0] ?? 0;
  if (value !== undefined) return text.slice(0, start) + flowText(name, value) + text.slice(endOfPart(part));
  if (before) return text.slice(0, endOfPart(before)) + text.slice(endOfPart(part));
  return text.slice(0, start) + text.slice(after?.key.range?.[0] ?? close);
}

function withoutLines(text: string, part: YamlPart): string | undefined {
  const lines = linesOfPart(text, part);
  return lines && text.slice(0, lines.start) + text.slice(lines.end);
}

function withValue(text: string, part: YamlPart, name: string, value: unknown, lineEnd: string): string | undefined {
  const lines = linesOfPart(text, part);
  if (!lines) return undefined;
  const written = partText(name, value, lines.indent, lineEnd);
  const end = endOfPart(part);
  const closed = text[end - 1] === '\n' ? lineEnd : '';
  return text.slice(0, part.key.range?.[0]) + written + closed + text.slice(end);
}
