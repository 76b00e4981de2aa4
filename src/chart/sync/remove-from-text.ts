import type { ReadChart } from '../derive.ts';
import type { Edge } from '../parse/model.ts';
import type { ClassStatement, LinkStyleStatement, NodeSyntax, Statement } from '../parse/syntax.ts';
import type { Delta, WantedArrow } from './delta.ts';
import { Mentions } from './mentions.ts';
import { allStatements, indentAt, type Placed, wholeStatement } from './places-in-text.ts';
import { rewrittenChain } from './rewrite-chain.ts';
import { applyTextEdits, type TextEdit } from './text-edits.ts';

/** A chart without what is to go, and what of that has to be said again elsewhere. */
export interface Removed {
  readonly text: string;
  /** Boxes that leave their subgraph, in the words the chart had for them. */
  readonly words: ReadonlyMap<string, string>;
  /** Arrows as they were drawn. */
  readonly drawn: readonly string[];
  readonly arrows: readonly WantedArrow[];
}

/** Takes boxes, groups and arrows out of a chart's text; all other words stay as they are. */
export function removedFromText(read: ReadChart, delta: Delta): Removed {
  const { parsed, profile } = read;
  const { text, statements, model } = parsed;
  const gone = new Set([...delta.goneBoxes, ...delta.goneGroups]);
  const leaving = new Set(profile.steps.map(({ chartId }) => chartId).filter((id) => delta.moved.has(id)));
  // What stands for an arrow may lead out of a subflow only, where no arrow of the profile shows that it is gone.
  const cut = new Set(profile.steps.filter(({ chartId }) => delta.goneBoxes.has(chartId)).map(({ edge }) => edge));
  const kept = new Map<Edge, boolean>();
  const arrows: WantedArrow[] = [];
  const byEdge = Map.groupBy(profile.arrows, ({ edge }) => edge);
  for (const edge of model.edges) {
    const own = byEdge.get(edge) ?? [];
    const stays = own.filter((arrow) => !delta.goneArrows.has(arrow) && !gone.has(arrow.from) && !gone.has(arrow.to));
    const whole = stays.length === own.length && !cut.has(edge.id) && !gone.has(edge.start) && !gone.has(edge.end);
    kept.set(edge, whole);
    if (!whole) arrows.push(...stays.map(({ from, to, label }) => ({ from, to, label })));
  }
  const edgesBySpan = Map.groupBy(model.edges, ({ span }) => span);
  const words = new Map<string, string>();
  const drawn: string[] = [];
  const lost = new Set<Edge>();
  const placed = [...allStatements(statements)];
  const mentions = new Mentions(read, placed);
  const edits: TextEdit[] = [];
  const again: { edge: Edge; words: string }[] = [];
  const names = new Set(
    model.edges.filter((edge) => edge.isUserDefinedId && kept.get(edge) === false).map(({ id }) => id),
  );
  for (const one of placed) {
    const { statement, inside } = one;
    if (statement.kind !== 'chain') continue;
    const leaves = (id: string): boolean => leaving.has(id) && inside !== undefined;
    const keepsEdge = (edge: Edge): boolean => kept.get(edge) === true && !leaves(edge.start) && !leaves(edge.end);
    const rest = rewrittenChain(text, statement, {
      keepsNode: ({ id }) => !gone.has(id.text) && !names.has(id.text) && !leaves(id.text),
      keepsEdge,
      edgesOf: (link) => edgesBySpan.get(link.span) ?? [],
      mustSay: (node) => hasWords(node) || !mentions.take(node, one),
    });
    if (rest === undefined) continue;
    edits.push(replaced(text, statement, rest));
    for (const node of statement.groups.flat()) {
      if (leaves(node.id.text) && hasWords(node))
        words.set(node.id.text, text.slice(node.span.start, node.span.end).trim());
    }
    for (const link of statement.links) {
      for (const edge of edgesBySpan.get(link.span) ?? []) {
        if (keepsEdge(edge)) continue;
        lost.add(edge);
        const arrow = text.slice(link.span.start, link.span.end).trim();
        const plain = link.id ? arrow.slice(arrow.indexOf('@') + 1) : arrow;
        if (kept.get(edge) === true) again.push({ edge, words: `${edge.start} ${plain} ${edge.end}` });
      }
    }
  }
  drawn.push(...again.map((one) => one.words));
  const order = [...model.edges.filter((edge) => !lost.has(edge)), ...again.map(({ edge }) => edge)];
  const number = new Map(order.map((edge, index) => [edge, index]));
  for (const one of placed)
    edits.push(...otherEdits(text, one, gone, (index) => number.get(model.edges[index] as Edge)));
  return { text: applyTextEdits(text, withoutNested(edits)), words, drawn, arrows };
}

const hasWords = ({ label, classes, data }: NodeSyntax): boolean =>
  label !== undefined || classes.length > 0 || data !== undefined;

/** Other statements in place of one: each on a line of its own, with its indentation. */
function replaced(text: string, { span }: Statement, rest: readonly string[]): TextEdit {
  if (rest.length === 0) return { ...wholeStatement(text, span), text: '' };
  const indent = indentAt(text, span.start) ?? '';
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const end = span.start + text.slice(span.start, span.end).trimEnd().length;
  return { start: span.start, end, text: rest.join(`${lineEnd}${indent}`) };
}

function otherEdits(
  text: string,
  { statement, inside }: Placed,
  gone: ReadonlySet<string>,
  numberOf: (index: number) => number | undefined,
): TextEdit[] {
  const remove = (): TextEdit[] => [{ ...wholeStatement(text, statement.span), text: '' }];
  switch (statement.kind) {
    case 'style':
    case 'click':
      return gone.has(statement.ids.text) ? remove() : [];
    case 'class':
      return classEdits(statement, gone, remove);
    case 'linkStyle':
      return linkStyleEdits(text, statement, numberOf, remove);
    case 'direction':
      return inside?.id && gone.has(inside.id.text) ? remove() : [];
    case 'subgraph': {
      const id = statement.id?.text;
      if (id === undefined || !gone.has(id)) return [];
      const ends = statement.tail ? [wholeStatement(text, statement.tail)] : [];
      return [wholeStatement(text, statement.head), ...ends].map((span) => ({ ...span, text: '' }));
    }
    case 'chain':
    case 'classDef':
    case 'accTitle':
    case 'accDescr':
    case 'opaque':
      return [];
  }
}

function classEdits({ ids }: ClassStatement, gone: ReadonlySet<string>, remove: () => TextEdit[]): TextEdit[] {
  const all = ids.text.split(',');
  const rest = all.filter((id) => !gone.has(id.trim()));
  if (rest.length === all.length) return [];
  return rest.length === 0 ? remove() : [{ ...ids.span, text: rest.join(',') }];
}

function linkStyleEdits(
  text: string,
  { span, targets }: LinkStyleStatement,
  numberOf: (index: number) => number | undefined,
  remove: () => TextEdit[],
): TextEdit[] {
  const rest = targets
    .map((target) => (target === 'default' ? target : numberOf(target)))
    .filter((at) => at !== undefined);
  if (rest.length === targets.length && rest.every((target, index) => target === targets[index])) return [];
  if (rest.length === 0) return remove();
  const words = /^linkStyle[^\S\n]+(\S+)/.exec(text.slice(span.start, span.end));
  if (!words) return [];
  const end = span.start + words[0].length;
  return [{ start: end - (words[1]?.length ?? 0), end, text: rest.join(',') }];
}

/** Of edits inside each other only the outermost. */
function withoutNested(edits: readonly TextEdit[]): TextEdit[] {
  const sorted = edits.toSorted((a, b) => a.start - b.start || b.end - a.end);
  const result: TextEdit[] = [];
  let end = -1;
  for (const edit of sorted) {
    if (edit.start < end) continue;
    result.push(edit);
    end = Math.max(end, edit.end);
  }
  return result;
}
