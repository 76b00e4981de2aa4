import * as fc from 'fast-check';
import { randomChart } from './random-chart.ts';

const as = fc.constantFrom('group', 'tab', 'subflow', 'host');

/** Charts at random, in which each subgraph is a group, a tab, a subflow or an edge host. */
export const framedChart: fc.Arbitrary<string> = fc
  .tuple(randomChart, fc.array(as, { minLength: 4, maxLength: 4 }))
  .map(([{ text }, kinds]) => {
    const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
    const entries = kinds
      .map((kind, index) => `  group${index}: { as: ${kind} }`)
      .filter((_, index) => text.includes(`group${index}[`));
    return entries.length === 0 ? text : ['---', 'flow:', ...entries, '---', text].join(lineEnd);
  });
