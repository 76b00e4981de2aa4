import assert from 'node:assert/strict';
import { chartNames, findCharts } from '../../../src/chart/charts-in-text.ts';
import { chartOfFlow, type FlowNode, flowOfChart } from '../../../src/chart/index.ts';
import { applyFlowEdits } from '../../../src/chart/sync/flow-edits.ts';
import { patchChart } from '../../../src/chart/sync/patch-chart.ts';
import { startNodeRed, type StoredNode } from '../../support/node-red.ts';

const PAGE = `# Plant

\`\`\`mermaid
---
flow:
  G: { link: "Cloud#G" } # to the cloud
---
graph LR
S[Sensor] --> G[Gateway]
\`\`\`

# Cloud

\`\`\`mermaid
---
flow:
  G: { link: "Plant#G" }
---
graph LR
G[Gateway] --> D[Dashboard]
\`\`\`
`;

interface Chart {
  readonly name: string;
  readonly text: string;
  readonly flow: readonly FlowNode[];
  readonly nodeOf: (id: string) => FlowNode;
}

function chartsOf(page: string): [Chart, Chart] {
  const { charts } = findCharts(page);
  const names = chartNames(charts, 'page');
  const [one, two] = charts.map(({ text }, index): Chart => {
    const name = names[index] ?? '';
    const { flow, bindings, diagnostics } = flowOfChart(text, { name });
    assert.deepEqual(diagnostics, []);
    const ids = new Map(bindings.map(({ chartId, nodeId }) => [chartId, nodeId]));
    return { name, text, flow, nodeOf: (id) => flow.find((node) => node.id === ids.get(id)) ?? assert.fail(id) };
  });
  return [one ?? assert.fail(), two ?? assert.fail()];
}

describe('charts of one text', () => {
  it('are linked by boxes that name each other', () => {
    const [plant, cloud] = chartsOf(PAGE);
    const [out, into] = [plant.nodeOf('G_out'), cloud.nodeOf('G_in')];
    assert.deepEqual([out.type, out['links'], out['z']], ['link out', [into.id], plant.nodeOf('G')['z']]);
    assert.deepEqual([into.type, into['links'], into['z']], ['link in', [out.id], cloud.nodeOf('G')['z']]);
    assert.deepEqual([plant.nodeOf('G')['wires'], into['wires']], [[[out.id]], [[cloud.nodeOf('G').id]]]);
    assert.match(String(into['info']), /G is G of the chart "Plant"/);
    assert.deepEqual([plant.nodeOf('S')['test'], cloud.nodeOf('G')['test']], [true, undefined]);
  });

  it('give a message on to each other', async () => {
    const [plant, cloud] = chartsOf(PAGE);
    await using red = await startNodeRed();
    const flow = [...plant.flow, ...cloud.flow].map((node): StoredNode => ({ ...node, test: false }));
    await red.deploy(flow);
    red.send(plant.nodeOf('S').id, { payload: 21 });
    assert.equal((await red.receivedBy(cloud.nodeOf('D').id, 1))[0]?.payload, 21);
  });

  it('are the same text again', () => {
    for (const { text, flow } of chartsOf(PAGE)) assert.equal(chartOfFlow(flow), text);
  });

  it('lose the link with its node', () => {
    const [{ text, flow, name, nodeOf }] = chartsOf(PAGE);
    const { bindings } = flowOfChart(text, { name });
    const after = applyFlowEdits(flow, [{ kind: 'remove', id: nodeOf('G_out').id }]);
    assert.doesNotMatch(patchChart(text, bindings, flow, after, { name }).text, /link/);
  });

  it('have names that differ', () => {
    const { charts } = findCharts('# A\n```mermaid\ngraph TD\nA\n```\n```mermaid\ngraph TD\nA\n```\n');
    assert.deepEqual(chartNames(charts, 'x'), ['A', 'A 2']);
  });
});

describe('a setting called link', () => {
  it('is one of the node when it names no box of a chart', () => {
    const { flow } = flowOfChart(
      '---\nflow:\n  A: { type: chartwire-mqtt-in, topic: x, link: "k1" }\n---\ngraph LR\nA',
    );
    assert.equal(flow.find(({ type }) => type === 'chartwire-mqtt-in')?.['link'], 'k1');
  });
});
