import assert from 'node:assert/strict';
import { findCharts, holdsChart, isChart } from '../../src/chart/charts-in-text.ts';

describe('charts in a text', () => {
  const charts = [
    'graph TD;A-->B',
    'flowchart LR\n A --> B',
    'flowchart-elk\nA',
    '\n\n  graph\n',
    '---\ntitle: Plant\n---\nflowchart LR\nA',
    '%% a comment\n%%{init: {"theme": "dark"}}%%\nflowchart TB\nA',
    '\uFEFFgraph TD\r\nA-->B',
  ];
  for (const text of charts)
    it(`takes ${JSON.stringify(text)} for a flowchart`, () => assert.equal(isChart(text), true));

  const others = [
    '',
    'graphical',
    'the flowchart LR',
    '[{"id":"a","type":"tab"}]',
    '---\ntitle: x\n---\nsequenceDiagram\nA->>B: hi',
  ];
  for (const text of others)
    it(`leaves ${JSON.stringify(text)} to Node-RED`, () => assert.equal(holdsChart(text), false));

  it('finds the flowcharts of Markdown, with their headings and places, and counts the other diagrams', () => {
    const text = [
      '# Plant',
      'words',
      '```mermaid',
      'flowchart LR',
      'A --> B',
      '```',
      '## Talk',
      '```mermaid',
      'sequenceDiagram',
      '```',
      '## Fleet ##',
      '  ~~~mermaid',
      '  graph TD',
      '  C --> D',
      '  ~~~',
    ].join('\n');
    assert.deepEqual(findCharts(text), {
      charts: [
        { text: 'flowchart LR\nA --> B', heading: 'Plant', linesBefore: 3, columnsBefore: 0 },
        { text: 'graph TD\nC --> D', heading: 'Fleet', linesBefore: 12, columnsBefore: 2 },
      ],
      others: 1,
    });
    assert.equal(holdsChart(text), true);
  });

  it('reads a fence that is never closed to the end, and ignores fences of other languages', () => {
    const text = '```js\ngraph TD\n```\n```mermaid\ngraph TD\nA';
    assert.deepEqual(findCharts(text).charts, [{ text: 'graph TD\nA', linesBefore: 4, columnsBefore: 0 }]);
  });

  it('keeps a text without fences to the letter, so that what is wrong with it can be told', () => {
    const text = 'flow chart\r\nA';
    assert.deepEqual(findCharts(text), { charts: [{ text, linesBefore: 0, columnsBefore: 0 }], others: 0 });
  });
});
