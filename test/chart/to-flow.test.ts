import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Layout } from '../../src/chart/layout/plan.ts';
import { chartToFlow, type FlowNode } from '../../src/chart/to-flow.ts';
import { isFault } from '../../src/fault.ts';
import { corpus, seed } from './charts.ts';
import { randomChart, type RandomArrow } from './random-chart.ts';

/** For properties that say nothing of places. */
const atOrigin: Layout = async () => new Map();

const boxesOf = (flow: readonly FlowNode[]): Map<string, FlowNode> =>
  new Map(flow.filter(({ chartId }) => typeof chartId === 'string').map((node) => [String(node['chartId']), node]));

const wiresOf = ({ wires }: FlowNode): string[][] => wires as string[][];

describe('chartToFlow', () => {
  it("makes a working node of each of the mission chart's nine boxes", async () => {
    const { flow, diagnostics } = await chartToFlow(seed, { name: 'mission' });
    assert.deepEqual(diagnostics, []);
    const boxes = boxesOf(flow);
    assert.deepEqual(Object.fromEntries([...boxes].map(([id, { type, name }]) => [id, [type, name]])), {
      A: ['chartwire-devices', 'Start'],
      B: ['chartwire-choose', 'Choose Protocol'],
      C: ['chartwire-mqtt-carry', 'Implement Publish-Subscribe'],
      D: ['chartwire-http2-carry', 'Implement REST API'],
      E: ['chartwire-websocket-carry', 'Establish Persistent Connection'],
      F: ['chartwire-client', 'Develop Client'],
      G: ['chartwire-deploy', 'Deploy Solution'],
      H: ['chartwire-monitor', 'Monitor Performance'],
      I: ['chartwire-optimize', 'Iterate and Optimize'],
    });
    const choose = boxes.get('B');
    assert.deepEqual(choose?.['outputLabels'], ['MQTT', 'HTTP', 'WebSocket']);
    assert.deepEqual(
      choose?.['wires'],
      ['C', 'D', 'E'].map((id) => [boxes.get(id)?.id]),
    );
  });

  it("lays the mission chart out from left to right, its branches in the chart's order", async () => {
    const boxes = boxesOf((await chartToFlow(seed)).flow);
    const x = (id: string): number => Number(boxes.get(id)?.['x']);
    const y = (id: string): number => Number(boxes.get(id)?.['y']);
    assert.ok(x('A') < x('B') && x('B') < x('C') && x('C') < x('F') && x('G') < x('H') && x('H') < x('I'));
    assert.ok(y('G') > y('E'), 'what a single arrow leads on to stands in a second row');
    assert.ok(y('C') < y('D') && y('D') < y('E'));
    for (const node of boxes.values()) assert.ok(Number(node['x']) >= 40 && Number(node['y']) >= 60);
  });

  it('keeps the exact text and the bindings in a chart node of the tab', async () => {
    const text = seed.replaceAll('\n', '\r\n');
    const { flow } = await chartToFlow(text, { name: 'mission' });
    const [tab, chart, ...nodes] = flow;
    assert.deepEqual([tab?.type, tab?.['label']], ['tab', 'mission']);
    assert.deepEqual([chart?.type, chart?.['z'], chart?.['text']], ['chartwire-chart', tab?.id, text]);
    assert.deepEqual(
      chart?.['bindings'],
      nodes.map(({ chartId, id }) => ({ chartId, nodeId: id })),
    );
  });

  it('calls the tab by the title of the frontmatter', async () => {
    const { flow } = await chartToFlow('---\ntitle: My plant\n---\ngraph TD\nA', {
      name: 'plant.mmd',
      layout: atOrigin,
    });
    assert.equal(flow[0]?.['label'], 'My plant');
  });

  it('makes the same flow of the same chart every time, and other ids for another chart', async () => {
    for (const { text } of corpus.slice(0, 2)) {
      assert.deepEqual(await chartToFlow(text, { id: 'a' }), await chartToFlow(text, { id: 'a' }));
    }
    const ids = async (id: string): Promise<string[]> =>
      (await chartToFlow(seed, { id, layout: atOrigin })).flow.map((node) => node.id);
    const [one, other] = [await ids('a'), await ids('b')];
    assert.deepEqual(
      one.filter((id) => other.includes(id)),
      [],
    );
  });

  for (const { file, text } of corpus) {
    it(`imports ${file} without overlaps, on the grid, inside its groups`, async () => {
      const { flow, diagnostics } = await chartToFlow(text, { name: file });
      assert.deepEqual(diagnostics, []);
      checkReferences(flow);
      checkPlaces(flow);
    });
  }

  it('refuses a chart with an error, and says where it is', async () => {
    await assert.rejects(chartToFlow('graph TD\nA[a (b)] --> C', { name: 'bad.mmd' }), (error) => {
      assert.ok(isFault(error));
      assert.deepEqual(
        [error.code, error.details],
        ['CHART_INVALID', { file: 'bad.mmd', line: 2, column: 5, expected: '"]"' }],
      );
      return true;
    });
  });

  it('explains every node, on the node and beside the flow', async () => {
    const { flow, explained } = await chartToFlow(seed, { layout: atOrigin });
    const boxes = boxesOf(flow);
    assert.equal(explained.length, 9);
    for (const { chartId, nodeId, type, why } of explained) {
      const node = boxes.get(chartId);
      assert.deepEqual([node?.id, node?.type], [nodeId, type]);
      assert.ok(String(node?.['info']).includes(why));
    }
  });

  it('makes one node of each box and a wire of each arrow, for charts at random', async () => {
    await fc.assert(
      fc.asyncProperty(randomChart, async ({ text, ids, arrows }) => {
        const { flow } = await chartToFlow(text, { layout: atOrigin });
        const boxes = boxesOf(flow);
        assert.equal(flow.filter(({ chartId }) => chartId !== undefined).length, ids.size);
        assert.deepEqual(new Set(boxes.keys()), ids);
        const nodes = new Map(flow.map((node) => [node.id, node]));
        for (const [id, node] of boxes) {
          // What stands for an arrow is no box.
          const reached = (from: FlowNode): string[] =>
            wiresOf(from)
              .flat()
              .flatMap((to) => (isArrow(nodes.get(to)) ? reached(nodes.get(to) ?? assert.fail()) : [to]));
          const caught = flow.filter(({ type, scope }) => type === 'catch' && (scope as string[]).includes(node.id));
          const wired = new Set([node, ...caught].flatMap(reached));
          assert.deepEqual(wired, new Set(targetsOf(id, arrows).map((to) => boxes.get(to)?.id)));
          for (const output of wiresOf(node)) assert.equal(new Set(output).size, output.length);
        }
        checkReferences(flow);
      }),
      { numRuns: 200 },
    );
  });

  it('gives every circle of steps a guard, for charts at random', async () => {
    await fc.assert(
      fc.asyncProperty(randomChart, async ({ text }) => {
        const { flow } = await chartToFlow(text, { layout: atOrigin });
        const free = new Map(
          [...boxesOf(flow).values()].filter((node) => node['guard'] !== true).map((node) => [node.id, node]),
        );
        for (let before = -1; before !== free.size;) {
          before = free.size;
          for (const [id, node] of free)
            if (
              !wiresOf(node)
                .flat()
                .some((to) => free.has(to))
            )
              free.delete(id);
        }
        assert.deepEqual(
          [...free.values()].map(({ chartId }) => chartId),
          [],
        );
      }),
      { numRuns: 200 },
    );
  });
});

const isArrow = (node: FlowNode | undefined): boolean => String(node?.['info']).startsWith('Part ');

function targetsOf(id: string, arrows: readonly RandomArrow[]): string[] {
  const there = arrows.filter(({ from, arrow }) => from === id && arrow !== '~~~').map(({ to }) => to);
  const back = arrows.filter(({ to, arrow }) => to === id && arrow === '<-->').map(({ from }) => from);
  return [...there, ...back];
}

function checkReferences(flow: readonly FlowNode[]): void {
  const byId = new Map(flow.map((node) => [node.id, node]));
  assert.equal(byId.size, flow.length);
  for (const node of flow) {
    if (node.type !== 'tab') assert.equal(byId.get(String(node['z']))?.type, 'tab');
    for (const target of wiresOf({ ...node, wires: node['wires'] ?? [] }).flat()) assert.ok(byId.has(target));
    const parent = typeof node['g'] === 'string' ? byId.get(node['g']) : undefined;
    if (node['g'] !== undefined) assert.ok(parent && (parent['nodes'] as string[]).includes(node.id));
    if (node.type !== 'group') continue;
    for (const member of node['nodes'] as string[]) assert.equal(byId.get(member)?.['g'], node.id);
  }
}

interface Box {
  readonly node: FlowNode;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function boxOf(node: FlowNode): Box {
  const [x, y] = [Number(node['x']), Number(node['y'])];
  if (node.type === 'group')
    return { node, left: x, right: x + Number(node['w']), top: y, bottom: y + Number(node['h']) };
  return { node, left: x - 50, right: x + 50, top: y - 15, bottom: y + 15 };
}

function checkPlaces(flow: readonly FlowNode[]): void {
  const boxes = flow.filter(({ chartId }) => chartId !== undefined).map(boxOf);
  const groups = flow.filter(({ type }) => type === 'group').map(boxOf);
  for (const { node, left, top } of boxes) {
    assert.ok(left >= 40 && top >= 40, `${String(node['name'])} is at ${left},${top}`);
    assert.equal(Number(node['y']) % 20, 0);
  }
  const apart = (a: Box, b: Box): boolean =>
    a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
  for (const [index, one] of boxes.entries()) {
    for (const other of boxes.slice(index + 1)) assert.ok(apart(one, other), `${String(one.node['name'])} overlaps`);
    for (const group of groups) {
      const inside = around(one.node, flow).includes(group.node.id);
      if (!inside) assert.ok(apart(one, group), `${String(one.node['name'])} stands in a foreign group`);
      else
        assert.ok(
          one.left >= group.left && one.right <= group.right && one.top >= group.top && one.bottom <= group.bottom,
        );
    }
  }
}

function around(node: FlowNode, flow: readonly FlowNode[]): string[] {
  const group = flow.find(({ id }) => id === node['g']);
  return group ? [group.id, ...around(group, flow)] : [];
}
