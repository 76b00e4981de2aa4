import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { partsForHosts, type StoredNode } from '../../nodes/deploy/part-of-flow.ts';
import { chartOfFlow, flowOfChart } from '../../src/chart/index.ts';
import type { FlowNode } from '../../src/fleet/flow-nodes.ts';
import { openController, temporaryFolder, TestEdge } from './fleet-harness.ts';

const CHART = `---
title: Pumps
flow:
  pump: { as: host, host: pump-7 }
  P: { type: function, func: "msg.payload = Number(msg.payload) + 1; return msg" }
---
graph LR
S[Wanted] e1@--> P[Set] e2@--> D[Done]
subgraph pump [At the pump]
P
end
`;

describe('a subgraph that is an edge host', function () {
  this.timeout(120_000);
  const { flow, bindings } = flowOfChart(CHART);
  const ids = new Map(bindings.map(({ chartId, nodeId }) => [chartId, nodeId]));
  const nodeOf = (id: string): StoredNode => flow.find((node) => node.id === ids.get(id)) ?? assert.fail(id);

  it('is a group marked for it, whose nodes are disabled here', () => {
    assert.deepEqual(nodeOf('pump')['env'], [{ name: 'CHARTWIRE_HOST', type: 'str', value: 'pump-7' }]);
    assert.deepEqual(
      ['S', 'P', 'D', 'e1_out', 'e1_in', 'e2_out', 'e2_in'].map((id) => [id, nodeOf(id)['d'] ?? false]),
      [
        ['S', false],
        ['P', true],
        ['D', false],
        ['e1_out', false],
        ['e1_in', true],
        ['e2_out', true],
        ['e2_in', false],
      ],
    );
    assert.deepEqual([nodeOf('deploy_hosts').type, nodeOf('deploy_hosts')['part']], ['chartwire-deploy', 'hosts']);
    assert.equal(chartOfFlow(flow), CHART);
  });

  it('runs there, and its arrows go over the broker of the controller', async () => {
    const { folder, remove } = temporaryFolder();
    const home = join(folder, 'controller');
    mkdirSync(home);
    await using controller = await openController(home);
    const edge = new TestEdge(folder, 'pump');
    try {
      edge.start((await controller.fleet.invite({ name: 'pump-7' })).code);
      await controller.until((await firstHost(controller)).edgeId, ({ online }) => online);
      const answered = Promise.withResolvers<string>();
      await controller.broker.subscribe('chart/Pumps/e2', ({ payload }) => answered.resolve(String(payload)));
      await controller.broker.publish({ topic: 'chart/Pumps/e1', payload: Buffer.from('41'), qos: 1, retain: true });
      const flows = partsForHosts(flow, String(nodeOf('S').z)).get('pump-7') as FlowNode[];
      const { digest } = await controller.fleet.ship({ name: 'pump-7', flows });
      const [outcome] = await controller.fleet.outcome(digest, AbortSignal.timeout(60_000));
      assert.equal(outcome?.result, 'committed', outcome?.reason);
      assert.equal(await answered.promise, '42');
    } finally {
      await edge.stop();
      remove();
    }
  });
});

async function firstHost({ fleet }: Awaited<ReturnType<typeof openController>>): Promise<{ edgeId: string }> {
  const joined = Promise.withResolvers<{ edgeId: string }>();
  const look = (): void => {
    const [host] = fleet.hosts();
    if (host) joined.resolve(host);
  };
  const end = fleet.onChange(look);
  look();
  return joined.promise.finally(end);
}
