import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { openServices, Services } from '../../src/app/services.ts';
import { chartOfFlow, flowOfChart } from '../../src/chart/index.ts';
import type { Fleet, HostState } from '../../src/fleet/controller.ts';
import { startNodeRed, type StoredNode } from '../support/node-red.ts';
import { temporaryFolder, TestEdge } from './fleet-harness.ts';

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

describe('a subgraph that is an edge host', () => {
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

  it('runs there when it is shipped, and its arrows go over the broker of the controller', async () => {
    const { folder, remove } = temporaryFolder();
    const home = join(folder, 'controller');
    mkdirSync(home);
    const services = await openController(home);
    const edge = new TestEdge(folder, 'pump');
    const red = await startNodeRed({ services });
    try {
      const fleet = services.fleet ?? assert.fail('no fleet');
      edge.start((await fleet.invite({ name: 'pump-7' })).code);
      await until(fleet, ([host]) => host?.online === true);
      await red.deploy(flow.map((node): StoredNode => ({ ...node, test: false })));
      // Kept by the broker, so that it is there when the pump is.
      red.send(nodeOf('S').id, { payload: 41, retain: true });
      red.send(nodeOf('deploy_hosts').id, { action: 'ship' });
      const [done] = await red.receivedBy(nodeOf('D').id, 1);
      assert.equal(Number(done?.payload), 42);
      await until(fleet, ([host]) => host?.state === 'committed' && host.running === host.desired);
    } finally {
      await red.stop();
      await edge.stop();
      await services.close();
      remove();
    }
  });
});

/** From dist/, where the nodes come from that use them. */
async function openController(home: string): Promise<Services> {
  const built = pathToFileURL(join(import.meta.dirname, '../../dist/src/app/services.js')).href;
  const module: { openServices: typeof openServices } = await import(built);
  return module.openServices({ home, role: 'controller', host: '127.0.0.1', tlsPort: 0 });
}

async function until(fleet: Fleet, wanted: (hosts: readonly HostState[]) => boolean): Promise<void> {
  const found = Promise.withResolvers<void>();
  const look = (): void => {
    if (wanted(fleet.hosts())) found.resolve();
  };
  const end = fleet.onChange(look);
  look();
  await found.promise.finally(end);
}
