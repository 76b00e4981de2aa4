import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { applyFlowEdits, applyTextEdits, type FlowNode, flowOfChart, merge } from '../../../src/chart/index.ts';
import { corpus } from '../charts.ts';
import { edited, essence, randomEdits } from './random-edits.ts';

const TEXT = 'graph TD\n%% the plant\nA[Pump] --> B[Valve]\nB --> C[Tank]\n';
const base = { text: TEXT, flow: flowOfChart(TEXT).flow };
const box = (flow: readonly FlowNode[], id: string): FlowNode | undefined =>
  flow.find((node) => node['chartId'] === id);
const renamed = (id: string, name: string): FlowNode[] =>
  base.flow.map((node) => (node['chartId'] === id ? { ...node, name } : node));

describe('merge', () => {
  it('brings edits of both sides together', () => {
    const result = merge(base, TEXT.replace('Pump', 'Pump 1'), renamed('C', 'Tank 7'));
    assert.ok('merged' in result);
    const { text, flow, flowEdits, textEdits } = result.merged;
    assert.equal(text, 'graph TD\n%% the plant\nA[Pump 1] --> B[Valve]\nB --> C[Tank 7]\n');
    assert.deepEqual([box(flow, 'A')?.['name'], box(flow, 'C')?.['name']], ['Pump 1', 'Tank 7']);
    assert.equal(applyTextEdits(TEXT.replace('Pump', 'Pump 1'), textEdits), text);
    assert.deepEqual(applyFlowEdits(renamed('C', 'Tank 7'), flowEdits), flow);
  });

  it('shows both sides of what both changed', () => {
    const result = merge(base, TEXT.replace('Pump', 'Left'), renamed('A', 'Right'));
    assert.ok('conflicts' in result);
    const { nodeId, chartId, property, base: was, chart, flow } = result.conflicts[0] ?? assert.fail();
    assert.deepEqual(
      [nodeId, chartId, property, was, chart, flow],
      [box(base.flow, 'A')?.id, 'A', 'name', 'Pump', 'Left', 'Right'],
    );
  });

  it('shows a box that one side took away and the other changed', () => {
    const result = merge(base, 'graph TD\n%% the plant\nA[Pump] --> B[Valve]\n', renamed('C', 'Tank 7'));
    assert.ok('conflicts' in result);
    const { chart, flow } = result.conflicts[0] ?? assert.fail();
    assert.deepEqual([chart, (flow as FlowNode)['name']], [undefined, 'Tank 7']);
  });

  it('takes the side it is told to', () => {
    for (const [prefer, name] of [
      ['chart', 'Left'],
      ['flow', 'Right'],
    ] as const) {
      const result = merge(base, TEXT.replace('Pump', 'Left'), renamed('A', 'Right'), { prefer });
      assert.ok('merged' in result);
      assert.equal(box(result.merged.flow, 'A')?.['name'], name);
      assert.equal(result.merged.text, TEXT.replace('Pump', name));
    }
  });

  it('ends in a chart and a flow that agree, whatever both sides did', () => {
    const [{ text } = assert.fail()] = corpus.slice(4);
    const from = { text, flow: flowOfChart(text).flow };
    const types = new Set(['foreign']);
    fc.assert(
      fc.property(randomEdits, fc.constantFrom('Alpha', 'Beta'), (edits, name) => {
        const chartText = `${text}\n  added1[${name}] --> added2\n`;
        const result = merge(from, chartText, edited(from.flow, edits), { prefer: 'flow', types });
        assert.ok('merged' in result);
        const { text: merged, flow } = result.merged;
        const bindings = flow.find(({ type }) => type === 'chartwire-chart')?.['bindings'] as {
          chartId: string;
          nodeId: string;
        }[];
        assert.deepEqual(essence(flowOfChart(merged, { bindings, types }).flow), essence(flow));
        assert.ok(merged.includes(`added1[${name}]`));
      }),
      { numRuns: 60 },
    );
  });
});
