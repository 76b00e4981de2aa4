import assert from 'node:assert/strict';
import { parseChart } from '../../../src/chart/parse/parse-chart.ts';
import { flowOfChart } from '../../../src/chart/index.ts';
import { profileOf } from '../../../src/chart/profile/profile.ts';
import type { Step } from '../../../src/chart/profile/step.ts';
import { startNodeRed } from '../../support/node-red.ts';

function stepOf(text: string, id: string): Step {
  const { steps, diagnostics } = profileOf(parseChart(`graph LR\n${text}`));
  assert.deepEqual(diagnostics, []);
  return steps.find(({ chartId }) => chartId === id) ?? assert.fail(`no ${id}`);
}

describe('a shape', () => {
  const cases: readonly (readonly [text: string, type: string, carrier: string, why: RegExp])[] = [
    ['A --> X[(Readings)]', 'chartwire-step', 'shape', /says store/],
    ['A --> X@{ shape: datastore }', 'chartwire-step', 'shape', /says store/],
    ['A --> X>Alarm]', 'debug', 'shape', /says output/],
    ['A --> X[/Report/]', 'debug', 'shape', /says output/],
    ['A --> X>Alarm] --> B', 'chartwire-step', 'default', /nothing in the chart/],
    ['X>Alarm] --> B', 'chartwire-step', 'default', /nothing in the chart/],
    ['X([Begin]) --> B', 'chartwire-step', 'shape', /the chart begins here/],
    ['A --> X([End])', 'chartwire-step', 'default', /nothing in the chart/],
    ['A --> X((Broker))', 'chartwire-step', 'shape', /endpoint/],
    ['A --> X[[Billing]]', 'chartwire-step', 'shape', /drawn elsewhere/],
    ['A --> X{{Prepare}}', 'chartwire-step', 'shape', /prepares/],
    ['A --> X[("mqtt out: a/b")]', 'mqtt out', 'label', /label/],
    ['A --> X@{ shape: odd, node: "http request" }', 'http request', 'data', /says so/],
  ];
  for (const [text, type, carrier, why] of cases) {
    it(`makes "${type}" of ${text}`, () => {
      const step = stepOf(text, 'X');
      assert.deepEqual([step.type, step.carrier], [type, carrier]);
      assert.match(step.why, why);
    });
  }

  it('of a store keeps the last payload, and passes the message on', async () => {
    const { flow, bindings } = flowOfChart('graph LR\nA --> DB[(Readings)] --> B\nC');
    const ids = new Map(bindings.map(({ chartId, nodeId }) => [chartId, nodeId]));
    const idOf = (id: string): string => ids.get(id) ?? assert.fail(id);
    const reading = { type: 'change', rules: [{ t: 'set', p: 'kept', pt: 'msg', to: 'DB', tot: 'flow' }] };
    await using red = await startNodeRed();
    await red.deploy(
      flow.map((node) => ({
        ...node,
        test: false,
        ...(node.id === idOf('C') && { ...reading, wires: [[idOf('B')]] }),
      })),
    );
    red.send(idOf('A'), { payload: { level: 3 } });
    await red.receivedBy(idOf('B'), 1);
    red.send(idOf('C'), {});
    const [, read] = await red.receivedBy(idOf('B'), 2);
    assert.deepEqual(read?.['kept'], { level: 3 });
  });
});
