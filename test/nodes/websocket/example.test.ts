import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../../tools/build/find-nodes.ts';
import { startNodeRed, tab, type StoredNode } from '../../support/node-red.ts';

describe('the shared flow flows/web-sockets.json', () => {
  it('reaches a listener through a link, joins a room, and does what its description says', async () => {
    await using nodeRed = await startNodeRed();
    const stored = await readFile(join(root, 'flows/web-sockets.json'), 'utf8');
    await nodeRed.deploy(JSON.parse(stored) as StoredNode[]);
    await nodeRed.statusOf('sockets-rooms', /^1 connected, 0 rooms/);
    nodeRed.send('sockets-out', { topic: 'said', payload: 'hello' });
    const [heard] = await nodeRed.receivedBy('sockets-heard', 1);
    assert.deepEqual([heard?.topic, heard?.payload], ['said', 'hello']);
    nodeRed.send('sockets-room', { topic: 'alarm', payload: 'too early' });
    nodeRed.send('sockets-out', { topic: 'join', payload: 'let me in' });
    await nodeRed.statusOf('sockets-rooms', /^1 connected, 1 room$/);
    nodeRed.send('sockets-room', { topic: 'alarm', payload: { line: 7 } });
    const [alarm] = await nodeRed.receivedBy('sockets-alarms', 1);
    assert.deepEqual(alarm?.payload, { line: 7 });
    const who = await nodeRed.receivedBy('sockets-who', 2);
    assert.deepEqual(
      who.map(({ topic }) => topic),
      ['connect', 'join'],
    );
    await nodeRed.deploy([tab]);
  });
});
