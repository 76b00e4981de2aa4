import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { applyTextEdits, type FlowNode, flowOfChart, patchChart } from '../../../src/chart/index.ts';
import { corpus } from '../charts.ts';
import { framedChart } from '../framed-chart.ts';
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

const LEADS_OUT = `---
flow:
  s: { as: subflow }
---
flowchart TD
A --x D
subgraph s
A --> B
end
`;
const IN_PLACE = new Set(['rename', 'set', 'unwire', 'delete']);

describe('patchChart', () => {
  it('gives a node that comes without a name a label with its name, and says no more of it', () => {
    const before = 'graph TD\nA[Start] --> B[End]\n';
    const { flow, bindings } = flowOfChart(before);
    const tabId = flow[0]?.id;
    const named = (name: string): FlowNode[] => [
      ...flow,
      { id: 'c0ffee0000000001', type: 'chartwire-step', z: tabId, name, x: 1, y: 1, wires: [[]] },
    ];
    const nameless = patchChart(before, bindings, flow, named(''));
    const patch = patchChart(nameless.text, nameless.bindings, named(''), named('Extra'));
    assert.equal(patch.text, `${before}chartwireStep["Extra"]\n`);
    const again = patchChart(patch.text, patch.bindings, named('Extra'), named('Other'));
    assert.equal(again.text, `${before}chartwireStep["Other"]\n`);
    assert.match(patchChart(again.text, again.bindings, named('Other'), named('')).text, /name: ""/);
  });

  it('says any sequence of edits of the flow in the text of the chart, for charts at random', () => {
    fc.assert(
      fc.property(randomChart, randomEdits, ({ text }, edits) => {
        patched(text, (flow) => edited(flow, edits));
      }),
      { numRuns: 200 },
    );
  });

  it('says edits of tabs, subflows and edge hosts in the text too, for charts at random', () => {
    // Groups know no tabs: what is moved or wired between them here would be nothing an editor can do.
    const inPlace = randomEdits.map((edits) => edits.filter(({ kind }) => IN_PLACE.has(kind)));
    // What the ways between hosts need is there as long as one leads to a host.
    const essential = (flow: readonly FlowNode[]): object[] =>
      essence(flow.filter(({ type }) => type !== 'chartwire-mqtt-link'));
    fc.assert(
      fc.property(framedChart, inPlace, (text, edits) => {
        const { flow, bindings } = flowOfChart(text);
        const after = edited(flow, edits);
        const patch = patchChart(text, bindings, flow, after);
        const bound = new Set(bindings.map(({ nodeId }) => nodeId));
        const tabId = flow.find(({ type, id }) => type === 'tab' && !bound.has(id))?.id;
        const own = { bindings: patch.bindings, ...(tabId !== undefined && { tabId }), types: new Set(['foreign']) };
        assert.deepEqual(essential(flowOfChart(patch.text, own).flow), essential(after));
      }),
      // A Catch in a subflow that leads out of it only.
      { numRuns: 150, examples: [[LEADS_OUT, [{ kind: 'delete', at: 3 }]]] },
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
