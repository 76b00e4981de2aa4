import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { isMap, parseDocument } from 'yaml';
import { type FlowNode, flowOfChart, patchChart } from '../../../src/chart/index.ts';
import { edited, essence, type RandomEdit } from './random-edits.ts';

const BOX = fc.constantFrom('A', 'B', 'C', 'D{Which?}', 'E[(Store)]', 'F');
const ARROW = fc.constantFrom('-->', '-->|yes|', '-->|no|', '-->|> 5|', '==>', '---');
const line = fc
  .tuple(BOX, ARROW, BOX, fc.option(fc.tuple(ARROW, BOX)))
  .map(([from, arrow, to, more]) => [from, arrow, to, ...(more ?? [])].join(' '));
const ENTRY = fc.constantFrom('', 'A: { type: switch }', 'B: { type: function, outs: [ yes, no ] }', 'D: debug');

/** Charts in which people would know what one edit is to change. */
const plainChart = fc
  .record({
    entry: ENTRY,
    lines: fc.array(line, { minLength: 1, maxLength: 6 }),
    inside: fc.array(line, { maxLength: 3 }),
  })
  .map(({ entry, lines, inside }) => {
    const front = entry === '' ? [] : ['---', 'flow:', `  ${entry}`, '---'];
    const group = inside.length === 0 ? [] : ['  subgraph g', ...inside.map((words) => `    ${words}`), '  end'];
    return [...front, 'flowchart LR', ...group, ...lines.map((words) => `  ${words}`), ''].join('\n');
  });

const at = fc.nat(20);
const oneEdit: fc.Arbitrary<RandomEdit> = fc.oneof(
  fc.record({ kind: fc.constant('rename' as const), at, name: fc.constantFrom('Pump', 'A & B', 'end') }),
  fc.record({ kind: fc.constant('wire' as const), from: at, port: fc.nat(2), to: at }),
  fc.record({ kind: fc.constant('unwire' as const), at, port: fc.nat(2), target: at }),
  fc.record({ kind: fc.constant('set' as const), at, key: fc.constant('note'), value: fc.constantFrom('x', 5, true) }),
);

/** Lines of the drawing that one edit may take away and bring, for each line that draws it: a chain of three boxes falls into three. */
const MOST_LINES: Readonly<Record<string, readonly [gone: number, come: number]>> = {
  rename: [1, 1],
  wire: [0, 1],
  unwire: [1, 3],
  set: [0, 0],
};

/** How many lines draw the wire that is gone, when one is: parallel arrows are one wire. */
function linesWith(text: string, before: readonly FlowNode[], after: readonly FlowNode[]): number {
  const chartIds = new Map(before.map(({ id, chartId }) => [id, String(chartId)]));
  const wiresIn = (flow: readonly FlowNode[]): string[] =>
    flow.flatMap(({ id, wires }) =>
      ((wires ?? []) as string[][]).flat().map((to) => `${chartIds.get(id) ?? ''} ${chartIds.get(to) ?? ''}`),
    );
  const [lost] = without(wiresIn(before), wiresIn(after));
  const [from = '', to = ''] = lost?.split(' ') ?? [];
  const has = (line: string, id: string): boolean => new RegExp(`\\b${id}\\b`).test(line);
  return drawing(text).filter((line) => lost !== undefined && has(line, from) && has(line, to)).length;
}

const FRONT = /^---\n([\s\S]*?)\n---\n/;
const drawing = (text: string): string[] => text.replace(FRONT, '').split('\n');
const without = (lines: readonly string[], others: readonly string[]): string[] => {
  const left = [...others];
  return lines.filter((one) => {
    const place = left.indexOf(one);
    if (place !== -1) left.splice(place, 1);
    return place === -1;
  });
};

/** The chart without one thing that its flow block says, for each thing that an edit has brought. */
function withoutEach(before: string, after: string): { said: string; text: string }[] {
  const [was, is] = [before, after].map((text) => parseDocument(FRONT.exec(text)?.[1] ?? ''));
  const block: unknown = is?.get('flow', true);
  if (!is || !isMap(block)) return [];
  return block.items.flatMap(({ key, value }) => {
    if (!isMap(value)) return [];
    return value.items.flatMap((item) => {
      const path = ['flow', String(key), String(item.key)];
      if (was?.hasIn(path)) return [];
      const less = is.clone();
      less.deleteIn(path);
      return [{ said: path.join('.'), text: `---\n${less.toString()}---\n${after.replace(FRONT, '')}` }];
    });
  });
}

describe('one edit in the editor', () => {
  it('changes no more lines of the drawing than it must, and says nothing that goes without saying', () => {
    fc.assert(
      fc.property(plainChart, oneEdit, (text, edit) => {
        const { flow, bindings } = flowOfChart(text);
        const after = edited(flow, [edit]);
        const patch = patchChart(text, bindings, flow, after);
        const tabId = String(flow[0]?.id);
        const read = (chart: string): readonly FlowNode[] =>
          flowOfChart(chart, { bindings: patch.bindings, tabId }).flow;
        assert.deepEqual(essence(read(patch.text)), essence(after));

        const [gone, come] = MOST_LINES[edit.kind] ?? assert.fail();
        const [was, is] = [drawing(text), drawing(patch.text)];
        const shown = `${JSON.stringify(edit)}\n${text}\n->\n${patch.text}`;
        const places = Math.max(1, linesWith(text, flow, after));
        assert.ok(without(was, is).length <= gone * places && without(is, was).length <= come * places, shown);
        for (const { said, text: less } of withoutEach(text, patch.text)) {
          assert.notDeepEqual(essence(read(less)), essence(after), `${said} goes without saying: ${shown}`);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('leaves a decision that lost an arrow its outputs in one line', () => {
    const text = 'flowchart LR\n  A{Warm?} -->|> 25 °C| B\n  A -->|> 5 °C| C\n  A -->|else| D\n';
    const { flow, bindings } = flowOfChart(text);
    const after = flow.map((node) => {
      const [first = [], second = []] = (node['wires'] ?? []) as string[][];
      return node['chartId'] === 'A' ? { ...node, wires: [first, second, []] } : node;
    });
    assert.equal(
      patchChart(text, bindings, flow, after).text,
      `---\nflow:\n  A: { outs: [ "> 25 °C", "> 5 °C", else ] }\n---\n${text.replace('A -->|else| D', 'D')}`,
    );
  });

  it('keeps a box in its subgraph when the arrow goes that said it stands there', () => {
    const text = 'flowchart LR\n  subgraph g\n    A --> B\n  end\n  B --> C\n  C --> A\n';
    const { flow, bindings } = flowOfChart(text);
    const after = flow.map((node) => (node['chartId'] === 'A' ? { ...node, wires: [[]] } : node));
    assert.equal(patchChart(text, bindings, flow, after).text, text.replace('A --> B', 'A\n    B'));
  });
});
