import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChartModel } from '../../src/chart/parse/model.ts';

const folder = join(import.meta.dirname, '../charts');

interface CorpusEntry {
  readonly file: string;
  readonly nodes: number;
  readonly edges: number;
}

export interface MermaidCase {
  readonly text: string;
  readonly origins: readonly string[];
  readonly ok: boolean;
  readonly expected?: unknown;
}

export const seed = readFileSync(join(folder, 'corpus/00-seed.mmd'), 'utf8');

/** Real charts of others, with the number of boxes and arrows Mermaid finds in them. */
export const corpus: (CorpusEntry & { text: string })[] = (
  JSON.parse(readFileSync(join(folder, 'corpus/index.json'), 'utf8')) as CorpusEntry[]
).map((entry) => ({ ...entry, text: readFileSync(join(folder, 'corpus', entry.file), 'utf8') }));

export const corpusFiles = readdirSync(join(folder, 'corpus')).filter((file) => file.endsWith('.mmd'));

export const mermaidCases = (
  JSON.parse(readFileSync(join(folder, 'mermaid-cases.json'), 'utf8')) as { cases: MermaidCase[] }
).cases;

/** A model in the form of mermaid-cases.json, without what only our parser keeps. */
export function comparable(model: ChartModel): unknown {
  const bare = ({ span: _span, data: _data, ...rest }: { span: unknown; data?: unknown }): object => rest;
  const { title: _title, defaultStyle: _style, vertices, edges, subgraphs, classes, tooltips, ...rest } = model;
  return JSON.parse(
    JSON.stringify({
      ...rest,
      vertices: [...vertices.values()].map(bare),
      edges: edges.map(bare),
      subgraphs: subgraphs.map(bare),
      classes: [...classes.values()],
      tooltips: Object.fromEntries(tooltips),
    }),
  );
}
