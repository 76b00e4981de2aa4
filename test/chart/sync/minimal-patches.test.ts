import assert from 'node:assert/strict';
import { type FlowNode, flowOfChart, patchChart } from '../../../src/chart/index.ts';

const LINES = [
  '%% the plant, drawn by hand',
  'flowchart LR',
  '  P[Pump]:::wet -->|water| V(Valve) --> T[("Tank &<br/>level")] %% no comment here',
  '  subgraph yard [The yard]',
  '    T --> M{Full?}',
  '    M -->|yes| stop',
  '    M -->|no| P',
  '  end',
  '  classDef wet fill:#9cf',
  '  style M fill:#fff',
  '  class V,T wet',
  '  linkStyle 1 stroke:red',
  '',
];
const TEXT = LINES.join('\n').replace(' %% no comment here', '');

interface Change {
  readonly what: string;
  readonly act: (node: FlowNode, id: (chartId: string) => string) => Partial<FlowNode> | undefined;
  readonly added?: (id: (chartId: string) => string, z: string) => FlowNode[];
  readonly expected: (text: string) => string;
}

const of = (node: FlowNode, id: string): boolean => node['chartId'] === id;

const changes: Change[] = [
  {
    what: 'a new name changes the label and nothing else',
    act: (node) => (of(node, 'P') ? { name: 'Pump 2' } : {}),
    expected: (text) => text.replace('P[Pump]', 'P[Pump 2]'),
  },
  {
    what: 'a name that needs quotes gets them',
    act: (node) => (of(node, 'V') ? { name: 'Valve (old)' } : {}),
    expected: (text) => text.replace('V(Valve)', 'V("Valve (old)")'),
  },
  {
    what: 'a group is renamed in its title',
    act: (node) => (node.type === 'group' ? { name: 'Back yard' } : {}),
    expected: (text) => text.replace('[The yard]', '[Back yard]'),
  },
  {
    what: 'a box that goes takes its styles, classes and arrows with it, and link numbers follow',
    act: (node) => (of(node, 'V') ? undefined : {}),
    expected: (text) =>
      text
        .replace(
          'P[Pump]:::wet -->|water| V(Valve) --> T[("Tank &<br/>level")]',
          'P[Pump]:::wet\n  T[("Tank &<br/>level")]',
        )
        .replace('class V,T wet', 'class T wet')
        .replace('  linkStyle 1 stroke:red\n', ''),
  },
  {
    what: 'a wire that goes splits the chain',
    act: (node) => (of(node, 'P') ? { wires: [[]] } : {}),
    expected: (text) =>
      text
        .replace('P[Pump]:::wet -->|water| V(Valve)', 'P[Pump]:::wet\n  V(Valve)')
        .replace('linkStyle 1', 'linkStyle 0'),
  },
  {
    what: 'a new box stands in its group, a new wire behind everything',
    act: (node) => (of(node, 'P') ? { wires: [[...((node['wires'] as string[][])[0] ?? []), 'n1']] } : {}),
    added: (id, z) => [{ id: 'n1', type: 'chartwire-step', z, g: id('yard'), name: 'Meter', x: 1, y: 1, wires: [[]] }],
    expected: (text) =>
      text
        .replace('    M -->|no| P\n', '    M -->|no| P\n    meter["Meter"]\n')
        .replace('stroke:red\n', 'stroke:red\n  P --> meter\n'),
  },
  {
    what: 'settings go into the frontmatter',
    act: (node) => (of(node, 'P') ? { type: 'delay', timeout: '5' } : {}),
    expected: (text) => `---\nflow:\n  P: { type: delay, timeout: "5" }\n---\n${text}`,
  },
];

describe('a patch of a chart', () => {
  for (const { what, act, added, expected } of changes) {
    it(what, () => {
      const { flow, bindings } = flowOfChart(TEXT);
      const ids = new Map(bindings.map(({ chartId, nodeId }) => [chartId, nodeId]));
      const id = (chartId: string): string => ids.get(chartId) ?? assert.fail(chartId);
      const after = flow.flatMap((node) => {
        const change = act(node, id);
        return change ? [{ ...node, ...change, id: node.id, type: change.type ?? node.type }] : [];
      });
      const patch = patchChart(TEXT, bindings, flow, [...after, ...(added?.(id, String(flow[0]?.id)) ?? [])]);
      assert.equal(patch.text, expected(TEXT));
    });
  }

  it('is empty when nothing but a place was changed', () => {
    const { flow, bindings } = flowOfChart(TEXT);
    const moved = flow.map((node) => (typeof node['x'] === 'number' ? { ...node, x: node['x'] + 20 } : node));
    assert.deepEqual(patchChart(TEXT, bindings, flow, moved).edits, []);
  });

  it('keeps comments, order and line ends of the frontmatter', () => {
    const text =
      '---\r\n# mine\r\ntitle: Plant # yes\r\nflow:\r\n  # the pump\r\n  A: debug\r\n  B: {type: delay}\r\n---\r\ngraph TD\r\nA-->B\r\n';
    const { flow, bindings } = flowOfChart(text);
    const after = flow.map((node) => (of(node, 'B') ? { ...node, rate: '3' } : node));
    const patch = patchChart(text, bindings, flow, after);
    assert.equal(patch.text, text.replace('delay}', 'delay, rate: "3"}'));
    assert.equal(patch.edits.length, 1);
  });

  const USES = `---
flow:
  w: { as: subflow }
---
graph LR
S --> C[[Work]] --> D
T --> V[[Work]]
subgraph w [Work]
A --> B
end
`;
  const renames: [string, (node: FlowNode) => boolean, (text: string) => string][] = [
    [
      'a box that uses a subflow of the chart says with another name which one, as the chart calls it',
      ({ chartId }) => chartId === 'C',
      (text) => text.replace('flow }\n', 'flow }\n  C: { type: subflow:w }\n').replace('C[[Work]]', 'C[[Do it]]'),
    ],
    [
      'so do all that use it when the subflow has another name',
      ({ type }) => type === 'subflow',
      (text) =>
        text
          .replace('flow }\n', 'flow }\n  C: { type: subflow:w }\n  V: { type: subflow:w }\n')
          .replace('w [Work]', 'w [Do it]'),
    ],
  ];
  for (const [what, isRenamed, expected] of renames) {
    it(what, () => {
      const { flow, bindings } = flowOfChart(USES);
      const before = flow.filter(({ type }) => type !== 'chartwire-chart');
      const after = before.map((node) => (isRenamed(node) ? { ...node, name: 'Do it' } : node));
      const { text } = patchChart(USES, bindings, before, after);
      assert.equal(text, expected(USES));
      const used = (name: string): unknown[] => {
        const fresh = flowOfChart(text, { name }).flow;
        const subflow = fresh.find(({ type }) => type === 'subflow');
        return fresh.filter(({ type }) => type === `subflow:${subflow?.id}`).map(({ name: own }) => own);
      };
      assert.deepEqual(
        used('elsewhere'),
        after.filter(({ type }) => type.startsWith('subflow:')).map(({ name }) => name),
      );
    });
  }

  it('writes no credentials down', () => {
    const { flow, bindings } = flowOfChart(TEXT);
    const after = flow.map((node) =>
      of(node, 'P') ? { ...node, password: 'hunter2', credentials: { key: 'hunter2' } } : node,
    );
    assert.ok(!patchChart(TEXT, bindings, flow, after).text.includes('hunter2'));
  });
});
