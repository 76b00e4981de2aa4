import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:tls';
import {
  catching,
  errorText,
  sink,
  startNodeRed,
  tab,
  type StoredNode,
  type TestNodeRed,
} from '../../support/node-red.ts';
import { unusedPort } from '../../support/unused-port.ts';
import { peerPair } from './pair.ts';
import '../../support/forgotten-channels.ts';

const bindAddress = '127.0.0.1';

describe('peers find each other', () => {
  let nodeRed: TestNodeRed;
  let fingerprint: string;
  let door: string;

  before(async () => {
    nodeRed = await startNodeRed();
    ({ fingerprint } = (await peerPair(nodeRed)).link as { fingerprint: string });
    door = `127.0.0.1:${nodeRed.services.door.port}`;
  });
  after(async () => {
    await nodeRed.stop();
  });

  /** A listener and a link without an address, and a flow from one to the other. */
  const deploy = async (ways: object, ...more: StoredNode[]): Promise<void> =>
    await nodeRed.deploy([
      tab,
      ...catching,
      {
        id: 'server',
        type: 'chartwire-peer-listener',
        allowed: [{ name: 'plant', fingerprint }],
        bindAddress,
        ...ways,
      },
      { id: 'client', type: 'chartwire-peer-link', fingerprint, peerName: 'centre', bindAddress, ...ways },
      { id: 'in', type: 'chartwire-peer-in', z: tab.id, listener: 'server', wires: [['arrived']] },
      { id: 'seen', type: 'chartwire-peer-in', z: tab.id, listener: 'server', emit: 'presence', wires: [['presence']] },
      { id: 'out', type: 'chartwire-peer-out', z: tab.id, link: 'client', wires: [] },
      sink('arrived'),
      sink('presence'),
      ...more,
    ]);
  const carries = async (path: string): Promise<void> => {
    await nodeRed.statusOf('in', /^1 connected/);
    nodeRed.send('out', { topic: 'a/b', payload: 'hello' });
    const [arrived] = await nodeRed.receivedBy('arrived', 1);
    assert.deepEqual([arrived?.payload, arrived?.['from']], ['hello', 'plant']);
    const [joined] = await nodeRed.receivedBy('presence', 1);
    const { event, name, path: taken } = joined!.payload as { event: string; name: string; path: string };
    assert.deepEqual([joined!.topic, event, name, taken], ['plant', 'joined', 'plant', path]);
  };
  /** A link that comes before its far side has told that too. */
  const told = async (line: RegExp): Promise<void> => {
    for (let count = 1; ; count += 1) {
      const caught = await nodeRed.receivedBy('caught', count);
      if (line.test(errorText(caught[count - 1]!))) return;
    }
  };
  const rendezvous: StoredNode = { id: 'meet', type: 'chartwire-peer-rendezvous', z: tab.id, wires: [] };

  it('at a rendezvous, by a direct path, and send to one by name', async () => {
    await deploy(
      { signals: 'rendezvous', post: `wss://${door}/peer`, relayed: false, reconnectLongestMs: 50 },
      rendezvous,
      { id: 'named', type: 'chartwire-peer-out', z: tab.id, listener: 'server', to: 'plant', wires: [] },
      { id: 'loose', type: 'chartwire-peer-out', z: tab.id, listener: 'server', reliable: false, wires: [] },
      { id: 'back', type: 'chartwire-peer-in', z: tab.id, link: 'client', wires: [['answered']] },
      sink('answered'),
    );
    await carries('direct');
    nodeRed.send('named', { topic: 'c', payload: 'to one' });
    nodeRed.send('loose', { topic: 'c', payload: 'to nobody', peer: 'nobody' });
    const [answered] = await nodeRed.receivedBy('answered', 1);
    assert.deepEqual([answered?.payload, answered?.['from']], ['to one', 'centre']);
    await told(/^PEER_UNKNOWN: no peer called nobody/);
    nodeRed.send('loose', { topic: 'c', payload: 'loosely', peer: ['plant'] });
    assert.equal((await nodeRed.receivedBy('answered', 2))[1]?.payload, 'loosely');
    await nodeRed.statusOf('meet', /^2 connected, 0 relayed/);
  });

  it('through a relay, and the status says so', async () => {
    await deploy(
      { signals: 'rendezvous', post: `wss://${door}/peer`, direct: false, reconnectLongestMs: 50 },
      rendezvous,
    );
    await carries('relayed');
    await nodeRed.statusOf('out', /1 sent.*, relayed$/);
    await nodeRed.statusOf('in', /, 1 relayed$/);
    await nodeRed.statusOf('meet', /^2 connected, 1 relayed/);
  });

  it('over an MQTT broker', async () => {
    await deploy({ signals: 'mqtt', post: `mqtts://${door}`, reconnectLongestMs: 50 });
    await carries('direct');
  });

  it('by an invite and its answer, wired from one to the other', async () => {
    await deploy(
      { signals: 'invite' },
      { id: 'invite', type: 'chartwire-peer-signal', z: tab.id, link: 'client', wires: [['answer']] },
      { id: 'answer', type: 'chartwire-peer-signal', z: tab.id, listener: 'server', wires: [['invite']] },
    );
    await carries('direct');
    await nodeRed.statusOf('invite', /^centre connected/);
    nodeRed.send('invite', { payload: 'hello?' });
    await told(/^MESSAGE_INVALID: .*no text of a peer/);
  });

  it('on the network, by what is announced there', async () => {
    await deploy({ announce: true, host: '0.0.0.0', discover: true });
    await carries('lan');
  });

  it('and turn strangers away: the status counts them, the log tells it once', async () => {
    const port = await unusedPort();
    await nodeRed.deploy([
      tab,
      { id: 'server', type: 'chartwire-peer-listener', port },
      { id: 'in', type: 'chartwire-peer-in', z: tab.id, listener: 'server', wires: [[]] },
    ]);
    await nodeRed.statusOf('in', /^0 connected/);
    for (let time = 0; time < 2; time += 1) {
      const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
      socket.on('error', () => undefined).resume();
      await once(socket, 'close');
    }
    await nodeRed.statusOf('in', /, 2 refused$/);
    const lines = nodeRed.log.join('\n').match(/refused .*no certificate shown/g);
    assert.deepEqual(lines, ['refused 127.0.0.1: no certificate shown']);
  });

  it('not without a way: the settings say so', async () => {
    await deploy({});
    await nodeRed.statusOf('out', /^SETTINGS_INVALID: .*neither an address/);
  });
});
