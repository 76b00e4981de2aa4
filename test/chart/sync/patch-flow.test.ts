import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { applyFlowEdits, flowOfChart, type FlowNode, patchFlow } from '../../../src/chart/index.ts';
import { randomChart } from '../random-chart.ts';
import { essence } from './random-edits.ts';

const byBox = (flow: readonly FlowNode[]): Map<unknown, FlowNode> =>
  new Map(flow.map((node) => [node['chartId'], node]));

describe('patchFlow', () => {
  it('makes of the flow of one chart the flow of another, for charts at random', () => {
    fc.assert(
      fc.property(randomChart, randomChart, ({ text: before }, { text: after }) => {
        const { flow } = flowOfChart(before, { id: 'a' });
        const result = applyFlowEdits(flow, patchFlow(flow, before, after, { id: 'a' }));
        const chartNode = result.find(({ type }) => type === 'chartwire-chart');
        const bindings = chartNode?.['bindings'] as { chartId: string; nodeId: string }[];
        assert.equal(chartNode?.['text'], after);
        assert.deepEqual(essence(result), essence(flowOfChart(after, { id: 'a', bindings }).flow));
      }),
      { numRuns: 200 },
    );
  });

  it('keeps ids and places, and what the flow has of its own', () => {
    const before = 'graph TD\nA[Pump] --> B[Valve]\n';
    const made = flowOfChart(before).flow.map((node) =>
      node['chartId'] === 'B' ? { ...node, x: 777, y: 333, icon: 'mine.svg', wires: [['mine']] } : node,
    );
    const flow = [...made, { id: 'mine', type: 'debug', z: made[0]?.id, x: 900, y: 100, wires: [] }];
    const after = 'graph TD\nA[Pump 2] --> B[Valve] --> C[Tank]\n';
    const result = applyFlowEdits(flow, patchFlow(flow, before, after));
    const boxes = byBox(result);
    const valve = boxes.get('B');
    assert.equal(boxes.get('A')?.['name'], 'Pump 2');
    assert.deepEqual([valve?.['x'], valve?.['y'], valve?.['icon']], [777, 333, 'mine.svg']);
    assert.deepEqual(valve?.['wires'], [['mine', boxes.get('C')?.id]]);
    assert.deepEqual([boxes.get('C')?.['x'], boxes.get('C')?.['y']], [977, 333], 'beside what leads to it');
    assert.ok(result.some(({ id }) => id === 'mine'));
  });

  it('knows a box again whose id was changed', () => {
    const before = 'graph TD\nA[Pump] --> B[Valve]\n';
    const { flow } = flowOfChart(before);
    const result = applyFlowEdits(flow, patchFlow(flow, before, 'graph TD\npump[Pump] --> B[Valve]\n'));
    assert.equal(byBox(result).get('pump')?.id, byBox(flow).get('A')?.id);
  });

  it('moves a box only when the chart names its place', () => {
    const at = (place: string): string => `---\nflow:\n  A: { at: ${place} }\n---\ngraph TD\nA --> B\n`;
    const { flow } = flowOfChart(at('[100, 100]'));
    const edits = patchFlow(flow, at('[100, 100]'), at('[300, 100]'));
    assert.deepEqual(
      edits.filter((edit) => edit.kind === 'change').map(({ set }) => Object.keys(set)),
      [
        ['x', 'y'],
        ['text', 'bindings'],
      ],
    );
  });
});
