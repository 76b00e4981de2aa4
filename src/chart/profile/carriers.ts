import { plainValue } from '../parse/data.ts';
import type { Vertex } from '../parse/model.ts';
import type { Entry } from './entry.ts';
import { plainText } from './plain-text.ts';
import { isUnmistakable, mainProperty } from './types.ts';

/** Where the type of a node came from. */
export type Carrier = 'frontmatter' | 'data' | 'label' | 'class' | 'dictionary' | 'shape' | 'default';

/** What the chart itself says a box is. */
export interface Carried {
  readonly carrier: Carrier;
  /** Absent when there are settings only, and the type is to be found another way. */
  readonly type?: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly why: string;
}

/** Finds the full name of a type that can be had. */
export type FindType = (name: string) => string | undefined;
/** Told of a type that cannot be had. */
export type Refuse = (vertex: Vertex, type: string, place: string) => void;

/** The first carrier that names a type for this box: frontmatter, `@{ node: … }`, label, class. */
export function carriedBy(
  vertex: Vertex,
  entry: Entry | undefined,
  findType: FindType,
  refuse: Refuse,
): Carried | undefined {
  const front = entry && fromFrontmatter(vertex, entry, findType, refuse);
  if (front?.type !== undefined) return front;
  const other =
    fromData(vertex, findType, refuse) ?? fromLabel(vertex, findType) ?? fromClass(vertex, findType) ?? undefined;
  if (!front) return other;
  return other ? { ...other, settings: { ...other.settings, ...front.settings } } : front;
}

/** A node with an id comes from a flow, which may hold types that are not installed here. */
function fromFrontmatter(vertex: Vertex, entry: Entry, findType: FindType, refuse: Refuse): Carried {
  const { type: name, nodeId, settings } = entry;
  const carried = { carrier: 'frontmatter' as const, settings, why: 'the flow block of the frontmatter says so' };
  if (name === undefined) return carried;
  const type = nodeId === undefined ? findType(name) : name;
  if (type === undefined) refuse(vertex, name, 'the flow block of the frontmatter');
  return type === undefined ? carried : { ...carried, type };
}

/** Names in `@{ … }` that are Mermaid's own. */
const DRAWN = ['node', 'shape', 'label', 'labelType', 'icon', 'form', 'pos', 'img', 'constraint', 'w', 'h'];

function fromData(vertex: Vertex, findType: FindType, refuse: Refuse): Carried | undefined {
  const name = vertex.data?.get('node');
  if (typeof name !== 'string') return undefined;
  const type = findType(name);
  if (type === undefined) {
    refuse(vertex, name, '@{ node: … }');
    return undefined;
  }
  return { carrier: 'data', type, settings: settingsOf(vertex.data, DRAWN), why: `@{ node: ${name} } says so` };
}

const DIRECTIVE = /^([a-z][a-z0-9 -]*?)\s*:\s*(.+)$/;
const REQUEST = /^(GET|POST|PUT|PATCH|DELETE)\s+(\S+)$/i;

function fromLabel(vertex: Vertex, findType: FindType): Carried | undefined {
  const match = DIRECTIVE.exec(plainText(vertex.text, vertex.labelType));
  const type = match && findType(match[1] ?? '');
  if (!type || !isUnmistakable(match[1] ?? '')) return undefined;
  const argument = match[2] ?? '';
  const property = mainProperty(type);
  const request = property === 'url' ? REQUEST.exec(argument) : null;
  const settings = request
    ? { method: type === 'http in' ? request[1]?.toLowerCase() : request[1]?.toUpperCase(), url: request[2] }
    : property === undefined
      ? {}
      : { [property]: argument };
  return { carrier: 'label', type, settings, why: `its label begins with the node type "${match[1]}:"` };
}

function fromClass(vertex: Vertex, findType: FindType): Carried | undefined {
  for (const name of vertex.classes) {
    // `mqtt-in` is the core node, as it always was; ours is `chartwire-mqtt-in`.
    const type = findType(name.replaceAll('-', ' ')) ?? findType(name);
    if (type !== undefined && isUnmistakable(type) && (name.startsWith('chartwire-') || type.includes(' '))) {
      return { carrier: 'class', type, settings: {}, why: `its class "${name}" is a node type` };
    }
  }
  return undefined;
}

/** Node properties that belong to the flow, not to the settings. */
const RESERVED = ['id', 'z', 'g', 'x', 'y', 'wires', 'chartId'];

function settingsOf(map: ReadonlyMap<unknown, unknown> | undefined, drawn: readonly string[]): Record<string, unknown> {
  const own = [...(map ?? [])].filter(([key]) => !RESERVED.includes(String(key)) && !drawn.includes(String(key)));
  return Object.fromEntries(own.map(([key, value]) => [String(key), plainValue(value)]));
}
