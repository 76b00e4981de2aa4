import assert from 'node:assert/strict';
import { chartOfFlow, flowOfChart, patchChart } from '../../src/chart/index.ts';
import { chartToFlow } from '../../src/chart/to-flow.ts';
import { isFault } from '../../src/fault.ts';

describe('a chart that means no good', () => {
  it('may have names every object has, and ids of other nodes, as ids', () => {
    const text = 'graph TD\n__proto__["x"] --> constructor --> toString\nbroker1 --> hasOwnProperty\n';
    const { flow, bindings } = flowOfChart(text);
    assert.deepEqual(
      bindings.map(({ chartId }) => chartId),
      ['__proto__', 'constructor', 'toString', 'broker1', 'hasOwnProperty'],
    );
    const ids = flow.map(({ id }) => id);
    assert.ok(
      ids.every((id) => /^[\da-f]{16}$/.test(id)),
      'no node is called as the chart calls it',
    );
    const after = flow.map((node) => (node['chartId'] === '__proto__' ? { ...node, topic: '__proto__' } : node));
    assert.match(patchChart(text, bindings, flow, after).text, /^ {2}__proto__: \{ topic: __proto__ \}$/m);
  });

  it('keeps markup, scripts, emoji and right-to-left text as text', () => {
    const labels = [
      '<script>alert(1)</script>',
      '<img src=x onerror=alert(1)>',
      'مرحبا 😀',
      '‮evil',
      '"><svg/onload=1>',
    ];
    const flow = labels.map((name, index) => ({ id: `n${index}`, type: 'debug', z: 't', name, x: 1, y: 1, wires: [] }));
    const text = chartOfFlow([{ id: 't', type: 'tab', label: labels.join() }, ...flow]);
    assert.deepEqual(
      flowOfChart(text)
        .flow.slice(1)
        .map(({ name }) => name),
      labels,
    );
    assert.ok(!text.slice(text.indexOf('flowchart')).includes('<'));
  });

  it('makes nothing of what a click would call', () => {
    const text = 'graph TD\nA --> B\nclick A href "javascript:alert(1)"\nclick B call alert(1)\n';
    assert.ok(
      flowOfChart(text).flow.every(
        (node) => node.type === 'chartwire-chart' || !JSON.stringify(node).includes('alert'),
      ),
    );
  });

  it('is laid out however large it is', async () => {
    const lines = Array.from({ length: 10_000 }, (_, index) => `b${index} --> b${(index * 7 + 1) % 10_000}`);
    const { flow } = await chartToFlow(`graph TD\n${lines.join('\n')}\n`);
    assert.equal(flow.filter(({ chartId }) => chartId !== undefined).length, 10_000);
  });

  it('is refused with a reason when it has too many arrows', () => {
    const lines = Array.from({ length: 100_000 }, (_, index) => `b${index} --> b${index + 1}`);
    assert.throws(
      () => flowOfChart(`graph TD\n${lines.join('\n')}\n`),
      (error) => isFault(error) && error.code === 'CHART_INVALID' && error.message.includes('at most 20000 arrows'),
    );
  });
});
