import type { FlowNode } from '../flow-node.ts';

const RESERVED = new Set(
  `style linkstyle interpolate classdef class graph flowchart subgraph end href call click default direction
  acctitle accdescr x o v`.split(/\s+/),
);
const LONGEST = 24;

/** A readable id for each node: made of its name, else of its type, and told apart by a number. */
export function chartIds(nodes: readonly FlowNode[], taken: Iterable<string> = []): Map<string, string> {
  const used = new Set([...taken].map((id) => id.toLowerCase()));
  const counts = new Map<string, number>();
  const ids = new Map<string, string>();
  for (const node of nodes) {
    if (ids.has(node.id)) continue;
    const base = wordFor(node);
    let count = counts.get(base) ?? 0;
    let id: string;
    do {
      count += 1;
      id = count === 1 ? base : `${base}${count}`;
    } while (used.has(id.toLowerCase()) || RESERVED.has(id.toLowerCase()));
    counts.set(base, count);
    used.add(id.toLowerCase());
    ids.set(node.id, id);
  }
  return ids;
}

function wordFor({ type, name, label }: FlowNode): string {
  const said = type === 'tab' ? label : name;
  for (const text of [typeof said === 'string' ? said : '', type.replace(/^subflow:.*/, 'subflow')]) {
    const words =
      text
        .normalize('NFKD')
        .replace(/[^\w\s-]/g, '')
        .match(/[A-Za-z0-9]+/g) ?? [];
    const joined = words.map((word, index) => (index === 0 ? word.toLowerCase() : capital(word))).join('');
    const id = joined.slice(0, LONGEST).replace(/\d+$/, '');
    if (/^[a-z]/.test(id)) return id;
  }
  return 'node';
}

const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase();
