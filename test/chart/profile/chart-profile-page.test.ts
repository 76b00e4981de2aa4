import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findCharts, type FlowNode, flowOfChart } from '../../../src/chart/index.ts';
import { wiresOf } from '../../../src/chart/flow-node.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/chart-profile.md'), 'utf8');

/** Each example with the statements in the line of code below it. */
const examples = findCharts(page).charts.map(({ text, heading, linesBefore }) => {
  const below = page.split('\n').slice(linesBefore + text.split('\n').length);
  const told = below.find((line) => /^\s*`[^`]+`\s*$/.test(line)) ?? '';
  return { text, heading: heading ?? '', statements: told.replaceAll('`', '').trim().split(', ') };
});

describe('the examples of docs/chart-profile.md', () => {
  it('are all of the page', () => {
    assert.equal(examples.length, page.split('```mermaid').length - 1);
  });

  for (const [index, { text, heading, statements }] of examples.entries()) {
    it(`${heading} (${index + 1}): ${statements.join(', ')}`, () => {
      const { flow, bindings, diagnostics } = flowOfChart(text);
      assert.deepEqual(diagnostics, []);
      const ids = new Map(bindings.map(({ chartId, nodeId }) => [chartId, nodeId]));
      const nodeOf = (id: string): FlowNode => flow.find((node) => node.id === ids.get(id)) ?? assert.fail(`no ${id}`);
      for (const statement of statements) check(statement, nodeOf, flow);
    });
  }
});

function check(statement: string, nodeOf: (id: string) => FlowNode, flow: readonly FlowNode[]): void {
  const [, id = '', verb, rest = ''] = /^(\w+) (is|leads to|stands in) (.+)$/.exec(statement) ?? assert.fail(statement);
  const node = nodeOf(id);
  if (verb === 'leads to') {
    assert.deepEqual(
      wiresOf(node).flat(),
      rest.split(' and ').map((to) => nodeOf(to).id),
    );
  } else if (verb === 'stands in') {
    const [, kind, name] = /^the (group|tab) (.+)$/.exec(rest) ?? assert.fail(rest);
    const around = flow.find((other) => other.id === node[kind === 'tab' ? 'z' : 'g']);
    assert.equal(around?.[kind === 'tab' ? 'label' : 'name'], name);
  } else if (rest === 'guarded') {
    assert.equal(node['guard'], true);
  } else {
    const [type, outputs] = rest.split(' with outputs ');
    assert.equal(node.type, type);
    if (outputs !== undefined) assert.equal(wiresOf(node).length, outputs.split(' | ').length);
  }
}
