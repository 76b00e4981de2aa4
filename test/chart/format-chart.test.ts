import assert from 'node:assert/strict';
import { formatChart } from '../../src/chart/format-chart.ts';
import { parseChart } from '../../src/chart/parse/parse-chart.ts';
import { comparable, mermaidCases } from './charts.ts';

describe('formatChart', () => {
  it('gives one line to a statement, two blanks to a subgraph, and leaves words and comments', () => {
    const text =
      '---\ntitle: X\n---\n%% first\ngraph TD;A-->B;\n\n\n\nsubgraph s;C[one\ntwo]-->D;\n    %% last  \nend; class A b;;\n';
    assert.equal(
      formatChart(text),
      '---\ntitle: X\n---\n%% first\ngraph TD\n  A-->B\n\n  subgraph s\n    C[one\ntwo]-->D\n    %% last\n  end\n  class A b\n',
    );
  });

  it("changes the meaning of none of Mermaid's own charts, and nothing when done twice", () => {
    let changed = 0;
    for (const { text, ok } of mermaidCases) {
      const formatted = formatChart(text);
      if (!ok) continue;
      if (formatted !== text) changed += 1;
      assert.deepEqual(comparable(parseChart(formatted).model), comparable(parseChart(text).model));
      assert.equal(formatChart(formatted), formatted);
    }
    assert.ok(changed > 400, `${changed} charts have another form`);
  });
});
