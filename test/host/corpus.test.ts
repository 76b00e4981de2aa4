import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { startChartwire, type TestHost } from '../support/host.ts';
import { statusOf } from '../support/status.ts';
import { waitFor } from '../support/wait-for.ts';

const CORPUS = join(import.meta.dirname, '../charts/corpus');

interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly z?: string;
  readonly test?: boolean;
  readonly wires?: readonly (readonly string[])[];
}

describe('the charts of public projects', () => {
  let host: TestHost;
  const flow: FlowNode[] = [];
  before(async () => {
    host = await startChartwire();
    for (const file of globSync('*.mmd', { cwd: CORPUS }).toSorted()) {
      const text = await readFile(join(CORPUS, file), 'utf8');
      const answer = await host.api('/chartwire/chart/to-flow', {
        method: 'POST',
        body: { text, name: basename(file, '.mmd') },
      });
      assert.equal(answer.status, 200, `${file}: ${await answer.clone().text()}`);
      const { flow: nodes } = (await answer.json()) as { flow: FlowNode[] };
      flow.push(...nodes);
    }
  });
  after(() => host.stop());

  it('all import, each as a tab', () => {
    assert.equal(flow.filter(({ type }) => type === 'tab').length, 12);
    assert.equal(new Set(flow.map(({ id }) => id)).size, flow.length, 'ids are unlike');
  });

  it('start, and pass messages to every node that their wires reach', async () => {
    const headers = { 'node-red-api-version': 'v2', 'node-red-deployment-type': 'full' };
    const deployed = await host.api('/flows', { method: 'POST', headers, body: { flows: flow } });
    assert.equal(deployed.status, 200, await deployed.text());
    const reached = reachedFrom(flow);
    // Three charts hold boxes that no arrow touches: each of those is its own entry.
    const silent = await waitFor('messages everywhere', async () => {
      const { nodes } = await statusOf(host);
      const still = nodes.filter(
        ({ id, messagesIn, messagesOut }) => reached.has(id) && messagesIn + messagesOut === 0,
      );
      const leaves = still.filter(({ id }) => (flow.find((node) => node.id === id)?.wires?.flat() ?? []).length > 0);
      return nodes.length >= reached.size && leaves.length === 0 ? still : undefined;
    });
    for (const { id, name } of silent) assert.equal(flow.find((node) => node.id === id)?.wires?.flat().length, 0, name);
    const { nodes } = await statusOf(host);
    for (const { name, errors, state } of nodes) assert.equal(errors, 0, `${name}: ${state}`);
  });
});

/** Ids of the nodes that messages can come to, or start from. */
function reachedFrom(nodes: readonly FlowNode[]): Set<string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const reached = new Set<string>();
  const waiting = nodes.filter(({ test, type }) => test === true || type === 'chartwire-devices').map(({ id }) => id);
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    waiting.push(...(byId.get(id)?.wires?.flat() ?? []));
  }
  return reached;
}
