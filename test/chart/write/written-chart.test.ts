import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { chartOfFlow, flowOfChart } from '../../../src/chart/index.ts';
import { withoutSecrets } from '../../../src/chart/write/secrets.ts';
import { mermaidModel } from '../mermaid.ts';
import { randomFlow } from '../random-flow.ts';

describe('the chart of a flow that came from no chart', () => {
  it('becomes the same flow again, for flows at random', () => {
    fc.assert(
      fc.property(randomFlow, (flow) => {
        const text = chartOfFlow(flow);
        assert.deepEqual(flowOfChart(text).flow, flow.map(withoutSecrets));
      }),
      { numRuns: 300 },
    );
  });

  it('is a chart that Mermaid reads, with a box for every node that is drawn', async () => {
    await fc.assert(
      fc.asyncProperty(randomFlow, async (flow) => {
        const model = await mermaidModel(chartOfFlow(flow));
        const drawn = flow.filter(
          ({ type, z, x }) => type !== 'group' && typeof z === 'string' && typeof x === 'number',
        );
        assert.equal(model.vertices.length, drawn.length);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps code as it is, blanks at the ends of its lines too', () => {
    const func =
      'let pay = msg.payload;\n \n\tpay = global.get(pay, "file"); \n\t\nreturn { ...msg, payload: pay };\t\n';
    const flow = [
      { id: 't', type: 'tab', label: 'T' },
      { id: 'f', type: 'function', z: 't', name: 'f', func, outputs: 1, x: 1, y: 1, wires: [[]] },
    ];
    assert.deepEqual(flowOfChart(chartOfFlow(flow)).flow, flow);
  });

  it('writes code with tabs in it line by line', () => {
    const func = 'if (msg.payload > 5) {\n\treturn msg;\n}';
    const flow = [{ id: 'f', type: 'function', z: 't', func, x: 1, y: 1, wires: [[]] }];
    assert.match(chartOfFlow([{ id: 't', type: 'tab' }, ...flow]), /^ +\treturn msg;$/m);
  });

  it('holds no secret', () => {
    const flow = [
      { id: 't', type: 'tab', label: 'T', env: [{ name: 'key', type: 'cred', value: 'hunter2' }] },
      { id: 'b', type: 'mqtt-broker', name: 'b', credentials: { user: 'u', password: 'hunter2' } },
      { id: 'p', type: 'foreign', z: 't', name: 'p', x: 1, y: 1, password: 'hunter2', wires: [[]] },
    ];
    const text = chartOfFlow(flow);
    assert.ok(!text.includes('hunter2'));
    assert.equal(flowOfChart(text).flow.find(({ id }) => id === 'p')?.['password'], '${FOREIGN_PASSWORD}');
  });
});
