import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { chartOfFlow, flowOfChart } from '../../../src/chart/index.ts';
import { wiresOf } from '../../../src/chart/flow-node.ts';
import { framedChart } from '../framed-chart.ts';

describe('subgraphs that are groups, tabs, subflows and edge hosts', () => {
  it('hold what they hold, joined by wires that Node-RED has, and are the same chart again', () => {
    fc.assert(
      fc.property(framedChart, (text) => {
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
      { numRuns: 200 },
    );
  });
});
