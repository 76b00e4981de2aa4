import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { applyTextEdits, type FlowNode, flowOfChart, patchChart } from '../../../src/chart/index.ts';
import { corpus } from '../charts.ts';
import { randomChart } from '../random-chart.ts';
import { edited, essence, randomEdits } from './random-edits.ts';

function patched(text: string, change: (flow: readonly FlowNode[]) => FlowNode[]): string {
  const { flow, bindings } = flowOfChart(text);
  const after = change(flow);
  const patch = patchChart(text, bindings, flow, after);
  assert.equal(applyTextEdits(text, patch.edits), patch.text);
  const tabId = String(flow[0]?.id);
  assert.deepEqual(
    essence(flowOfChart(patch.text, { bindings: patch.bindings, tabId, types: new Set(['foreign']) }).flow),
    essence(after),
  );
  return patch.text;
}

describe('patchChart', () => {
  it('says any sequence of edits of the flow in the text of the chart, for charts at random', () => {
    fc.assert(
      fc.property(randomChart, randomEdits, ({ text }, edits) => {
        patched(text, (flow) => edited(flow, edits));
      }),
      { numRuns: 200 },
    );
  });
  for (const { file, text } of corpus) {
    it(`says any sequence of edits in ${file}`, () => {
      fc.assert(
        fc.property(randomEdits, (edits) => void patched(text, (flow) => edited(flow, edits))),
        { numRuns: 200 },
      );
    });
  }
});
