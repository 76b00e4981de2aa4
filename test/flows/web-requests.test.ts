import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../tools/build/find-nodes.ts';
import { startNodeRed, tab, type StoredNode } from '../support/node-red.ts';
import { unusedPort } from '../support/unused-port.ts';

describe('the shared flow flows/web-requests.json', () => {
  it('asks, posts and listens as its description says', async () => {
    await using nodeRed = await startNodeRed();
    const stored = await readFile(join(root, 'flows/web-requests.json'), 'utf8');
    const flow = JSON.parse(stored.replaceAll('18090', String(await unusedPort()))) as StoredNode[];
    await nodeRed.deploy(flow);
    for (const { id, type } of flow) if (type === 'chartwire-http2-in') await nodeRed.statusOf(id, /received/);
    nodeRed.send('web-get-request', { payload: { id: 7 } });
    assert.deepEqual((await nodeRed.receivedBy('web-got', 1))[0]!.payload, { id: 7, celsius: 21.5 });
    nodeRed.send('web-post-request', { payload: { celsius: 20 } });
    const [posted] = await nodeRed.receivedBy('web-posted', 1);
    const { stored: kept, key } = posted!.payload as { stored: unknown; key: string };
    assert.deepEqual([posted!['statusCode'], posted!['httpVersion'], kept], [201, '2', { celsius: 20 }]);
    assert.match(key, /^"[0-9a-f-]{36}"$/);
    await nodeRed.statusOf('web-events', /sent|received/);
    nodeRed.send('web-now', { payload: Date.now() });
    const [ticked] = await nodeRed.receivedBy('web-ticked', 1);
    assert.equal(typeof (ticked!.payload as { at: unknown }).at, 'number');
    await nodeRed.deploy([tab]);
  });
});
