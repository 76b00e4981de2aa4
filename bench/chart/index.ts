import type { Bench, CaseLine } from '../bench.ts';
import { growthCases } from './growth.ts';
import { importCases } from './import.ts';
import { typingCases } from './typing.ts';

const PARTS = { growth: growthCases, import: importCases, typing: typingCases } as const;

export const bench: Bench = {
  about: 'charts: what they cost as they grow, from import to running, and how long a key waits in the editor',
  parts: Object.keys(PARTS),
  async *run({ quick, part }): AsyncIterable<CaseLine> {
    for (const [name, cases] of Object.entries(PARTS)) if (part === undefined || part === name) yield* cases(quick);
  },
};
