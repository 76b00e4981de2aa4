import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { chartOfFlow, flowOfChart } from '../../../src/chart/index.ts';
import { wiresOf } from '../../../src/chart/flow-node.ts';
import { randomChart } from '../random-chart.ts';

const as = fc.constantFrom('group', 'tab', 'subflow', 'host');

/** Charts at random, in which each subgraph is a group, a tab, a subflow or an edge host. */
const framed = fc.tuple(randomChart, fc.tuple(as, as, as, as)).map(([{ text }, kinds]) => {
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const used = kinds
    .map((kind, index) => `  group${index}: { as: ${kind} }`)
    .filter((_, index) => text.includes(`group${index}[`));
  return used.length === 0 ? text : ['---', 'flow:', ...used, '---', text].join(lineEnd);
});

describe('subgraphs that are groups, tabs, subflows and edge hosts', () => {
  it('hold what they hold, joined by wires that Node-RED has, and are the same chart again', () => {
    fc.assert(
      fc.property(framed, (text) => {
        const { flow } = flowOfChart(text);
        const nodes = new Map(flow.map((node) => [node.id, node]));
        assert.equal(nodes.size, flow.length, 'two nodes have the same id');
        for (const node of flow) {
          for (const to of wiresOf(node).flat()) assert.equal(nodes.get(to)?.['z'], node['z'], 'a wire leaves its tab');
          const { type } = node;
          if (type.startsWith('subflow:')) assert.equal(nodes.get(type.slice('subflow:'.length))?.type, 'subflow');
          for (const link of (node['links'] ?? []) as string[]) assert.ok(nodes.has(link), 'a link leads nowhere');
        }
        assert.equal(chartOfFlow(flow), text);
      }),
      { numRuns: 300 },
    );
  });
});
