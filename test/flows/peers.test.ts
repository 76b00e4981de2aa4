import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../tools/build/find-nodes.ts';
import { startNodeRed, tab, type StoredNode } from '../support/node-red.ts';

describe('the shared flow flows/peers.json', () => {
  it('connects two peers without an address, and does what its description says', async () => {
    await using nodeRed = await startNodeRed();
    const stored = await readFile(join(root, 'flows/peers.json'), 'utf8');
    await nodeRed.deploy(JSON.parse(stored.replaceAll('8443', String(nodeRed.services.door.port))) as StoredNode[]);
    await nodeRed.statusOf('peers-in', /^1 connected/);
    nodeRed.send('peers-out', { topic: 'hello', payload: 'hello' });
    const [heard] = await nodeRed.receivedBy('peers-heard', 1);
    assert.deepEqual([heard?.topic, heard?.payload, heard?.['from']], ['hello', 'hello', 'centre']);
    nodeRed.send('peers-loose', { topic: 'reading', payload: 1 });
    assert.equal((await nodeRed.receivedBy('peers-heard', 2))[1]?.topic, 'reading');
    const [seen] = await nodeRed.receivedBy('peers-seen', 1);
    assert.equal((seen?.payload as { event: string } | undefined)?.event, 'joined');
    await nodeRed.deploy([tab]);
  });
});
