import { sink, tab, type TestNodeRed } from '../../support/node-red.ts';
import { unusedPort } from '../../support/unused-port.ts';

type Settings = Readonly<Record<string, unknown>>;

/** Settings of a listener and of a link to it. Both ends are this Chartwire: each allows the fingerprint its log tells. */
export async function peerPair(nodeRed: TestNodeRed): Promise<{ listener: Settings; link: Settings }> {
  const port = await unusedPort();
  await nodeRed.deploy([
    tab,
    { id: 'first', type: 'chartwire-peer-listener', port },
    { id: 'in', type: 'chartwire-peer-in', z: tab.id, listener: 'first', wires: [['sink']] },
    sink('sink'),
  ]);
  await nodeRed.statusOf('in', /connected/);
  const fingerprint = /our fingerprint, for peers to pin: ([0-9a-f]{64})$/m.exec(nodeRed.log.join('\n'))?.[1] ?? '';
  return {
    listener: { port, allowed: [{ name: 'ourselves', fingerprint }] },
    link: { url: `peer://127.0.0.1:${port}`, fingerprint },
  };
}
