import type { Edge } from '../parse/model.ts';
import type { Span } from '../parse/span.ts';
import type { ChainStatement, LinkSyntax, NodeSyntax } from '../parse/syntax.ts';

/** What stays of a chain. */
export interface ChainRules {
  readonly keepsNode: (node: NodeSyntax) => boolean;
  readonly keepsEdge: (edge: Edge) => boolean;
  /** The edges an arrow of the chain stands for. */
  readonly edgesOf: (link: LinkSyntax) => readonly Edge[];
  /** Whether a box that stands alone must be said: it has words of its own here, or is named nowhere else. */
  readonly mustSay: (node: NodeSyntax) => boolean;
}

/** The statements that are left of a chain, its words unchanged; undefined when all of it stays. */
export function rewrittenChain(text: string, chain: ChainStatement, rules: ChainRules): string[] | undefined {
  const groups = chain.groups.map((group) => group.filter(rules.keepsNode));
  const links = chain.links.map((link, index) => {
    const ids = [groups[index], groups[index + 1]].map((group) => new Set((group ?? []).map(({ id }) => id.text)));
    const pairs = rules.edgesOf(link).filter(({ start, end }) => ids[0]?.has(start) && ids[1]?.has(end));
    const kept = pairs.filter(rules.keepsEdge);
    return { link, kept, isWhole: kept.length === pairs.length && kept.length > 0 };
  });
  const whole = groups.every((group, index) => group.length === chain.groups[index]?.length);
  if (whole && links.every(({ isWhole }) => isWhole)) return undefined;

  const slice = ({ start, end }: Span): string => text.slice(start, end).trimEnd();
  const said = (group: readonly NodeSyntax[]): string => group.map(({ span }) => slice(span)).join(' & ');
  const result: string[] = [];
  let piece = '';
  let alone: readonly NodeSyntax[] = [];
  const flush = (): void => {
    const words = piece === '' ? said(alone.filter(rules.mustSay)) : piece;
    if (words !== '') result.push(words);
    piece = '';
  };
  for (const [index, group] of groups.entries()) {
    const before = links[index - 1];
    if (before?.isWhole) {
      piece = `${piece === '' ? said(alone) : piece}${gapText(text, chain, index)}${said(group)}`;
    } else {
      flush();
      for (const { start, end } of before?.kept ?? []) result.push(`${start}${gapText(text, chain, index)}${end}`);
    }
    alone = group;
  }
  flush();
  return result;
}

/** The arrow before a group, with the blanks around it. */
function gapText(text: string, { groups }: ChainStatement, index: number): string {
  const end = groups[index - 1]?.at(-1)?.span.end ?? 0;
  const start = groups[index]?.[0]?.span.start ?? end;
  return text.slice(end, start);
}
