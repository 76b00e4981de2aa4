import assert from 'node:assert/strict';
import { catching, errorText, sink, startNodeRed, tab, type TestNodeRed } from '../../support/node-red.ts';

const line = /^TYPE_MISSING: no node of type "nobody-has-this" is installed; .+/;

describe('a flow with a node of a type that is not installed', () => {
  let nodeRed: TestNodeRed;
  before(async () => {
    nodeRed = await startNodeRed();
  });
  after(async () => {
    await nodeRed.stop();
  });
  const deploy = (): Promise<void> =>
    nodeRed.deploy([
      tab,
      ...catching,
      { id: 'stranger', type: 'nobody-has-this', z: tab.id, wires: [[]] },
      { id: 'carrier', type: 'chartwire-mqtt-carry', z: tab.id, wires: [['arrived', 'stranger']] },
      sink('arrived'),
    ]);

  for (const time of ['first', 'second']) {
    it(`says so on the node and to Catch, and runs the rest, the ${time} time`, async () => {
      await deploy();
      const { fill } = await nodeRed.statusOf(
        'stranger',
        /^TYPE_MISSING: no node of type "nobody-has-this" is installed$/,
      );
      assert.equal(fill, 'red');
      assert.match(errorText((await nodeRed.receivedBy('caught', 1))[0]!), line);
      nodeRed.send('carrier', { topic: 'a', payload: 'b' });
      assert.equal((await nodeRed.receivedBy('arrived', 1))[0]?.topic, 'a');
    });
  }

  it('gives what comes to the node to Catch', async () => {
    await deploy();
    nodeRed.send('carrier', { topic: 'a', payload: 'b' });
    const caught = await nodeRed.receivedBy('caught', 2);
    assert.equal(caught[1]?.topic, 'a');
    assert.match(errorText(caught[1]), line);
  });
});
