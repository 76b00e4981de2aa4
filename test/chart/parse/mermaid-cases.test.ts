import assert from 'node:assert/strict';
import { parseChart } from '../../../src/chart/parse/parse-chart.ts';
import { comparable, mermaidCases } from '../charts.ts';

describe("Mermaid's own charts", () => {
  for (const { text, origins, ok, expected } of mermaidCases) {
    const name = (origins[0] ?? text).replace(/^.*\//, '');
    if (ok) {
      it(`means what Mermaid means by ${name}`, () => {
        const { diagnostics, model } = parseChart(text);
        assert.deepEqual(diagnostics, []);
        assert.deepEqual(comparable(model), expected);
      });
    } else {
      it(`refuses, as Mermaid does, ${name}`, () => {
        const { diagnostics } = parseChart(text);
        assert.ok(diagnostics.some(({ severity }) => severity === 'error'));
      });
    }
  }
});
