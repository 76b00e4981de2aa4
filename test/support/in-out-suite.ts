import assert from 'node:assert/strict';
import type { ProtocolName } from '../../src/endpoint/traits.ts';
import { catching, errorText, sink, startNodeRed, tab, type StoredNode, type TestNodeRed } from './node-red.ts';

/** What differs from protocol to protocol. */
export interface InOutCase {
  readonly protocol: Exclude<ProtocolName, 'mqtt'>;
  /** Settings of a listener, and of a link that reaches it. */
  readonly pair: (nodeRed: TestNodeRed) => Promise<{ listener: Settings; link: Settings }>;
  /** Code of the error when what the listener needs is taken. */
  readonly taken: 'PATH_TAKEN' | 'PORT_TAKEN';
}

type Settings = Readonly<Record<string, unknown>>;

/** What in and out, link and listener of a protocol keep. */
export function inOutSuite({ protocol, pair, taken }: InOutCase): void {
  const node = (id: string, kind: string, more: Settings): StoredNode => ({
    id,
    type: `chartwire-${protocol}-${kind}`,
    ...(kind === 'in' && { z: tab.id, wires: [[`${id}-sink`]] }),
    ...(kind === 'out' && { z: tab.id, wires: [] }),
    ...more,
  });

  describe(`${protocol} in and out`, () => {
    let nodeRed: TestNodeRed;
    let ends: { listener: Settings; link: Settings };
    before(async () => {
      nodeRed = await startNodeRed();
      ends = await pair(nodeRed);
    });
    after(async () => {
      await nodeRed.stop();
    });
    const deploy = (...nodes: StoredNode[]): Promise<void> =>
      nodeRed.deploy([
        tab,
        ...catching,
        node('server', 'listener', ends.listener),
        node('client', 'link', ends.link),
        ...nodes,
        ...nodes.filter(({ id }) => id.startsWith('in')).map(({ id }) => sink(`${id}-sink`)),
      ]);
    const told = async (id: string, code: string): Promise<void> => {
      const { fill } = await nodeRed.statusOf(id, new RegExp(`^${code}: .+`));
      assert.equal(fill, 'red');
      assert.match(errorText((await nodeRed.receivedBy('caught', 1))[0]!), new RegExp(`^${code}: .+; .+`));
    };

    it('go both ways through one link and one listener', async () => {
      await deploy(
        node('in-server', 'in', { listener: 'server' }),
        node('in-client', 'in', { link: 'client' }),
        node('out-server', 'out', { listener: 'server' }),
        node('out-client', 'out', { link: 'client' }),
      );
      await nodeRed.statusOf('in-server', /^1 connected/);
      await nodeRed.statusOf('in-client', /sent/);
      nodeRed.send('out-client', { topic: 'up/1', payload: { n: 1 }, userProperties: { plant: 'two' } });
      nodeRed.send('out-server', { topic: 'down/1', payload: 'back' });
      const [up] = await nodeRed.receivedBy('in-server-sink', 1);
      assert.deepEqual([up?.topic, up?.payload, up?.contentType], ['up/1', { n: 1 }, 'application/json']);
      assert.deepEqual(up?.userProperties, { plant: 'two' });
      const [down] = await nodeRed.receivedBy('in-client-sink', 1);
      assert.deepEqual([down?.topic, down?.payload], ['down/1', 'back']);
      assert.deepEqual(nodeRed.received('caught'), []);
    });

    it('are done when the far side has taken the message over', async () => {
      const complete = { id: 'completing', type: 'complete', z: tab.id, scope: ['out'], wires: [['completed']] };
      await deploy(
        node('in', 'in', { listener: 'server' }),
        node('out', 'out', { link: 'client', topic: 'fixed' }),
        complete,
        sink('completed'),
      );
      nodeRed.send('out', { topic: 'other', payload: 1 });
      await nodeRed.receivedBy('completed', 1);
      assert.equal((await nodeRed.receivedBy('in-sink', 1))[0]?.topic, 'fixed');
    });

    it('let through what the topic filter lets through, as what the output says', async () => {
      await deploy(
        node('in-all', 'in', { listener: 'server', datatype: 'buffer' }),
        node('in-some', 'in', { listener: 'server', topic: 'a/+', datatype: 'json' }),
        node('out', 'out', { link: 'client' }),
      );
      nodeRed.send('out', { topic: 'a/b/c', payload: '1' });
      nodeRed.send('out', { topic: 'a/b', payload: '{"ok":true}' });
      nodeRed.send('out', { topic: 'a/c', payload: 'no JSON' });
      const all = await nodeRed.receivedBy('in-all-sink', 3);
      assert.ok(all.every(({ payload }) => Buffer.isBuffer(payload)));
      const [caught] = await nodeRed.receivedBy('caught', 1);
      assert.match(errorText(caught!), /^MESSAGE_INVALID: /);
      assert.equal(caught?.topic, 'a/c');
      assert.deepEqual(
        nodeRed.received('in-some-sink').map(({ payload }) => payload),
        [{ ok: true }],
      );
    });

    it('pass a message without a topic to Catch, and send the next', async () => {
      await deploy(node('in', 'in', { listener: 'server' }), node('out', 'out', { link: 'client' }));
      nodeRed.send('out', { payload: 'where to?' });
      assert.match(errorText((await nodeRed.receivedBy('caught', 1))[0]!), /^MESSAGE_INVALID: /);
      nodeRed.send('out', { responseTopic: 'reply', payload: 'there' });
      assert.equal((await nodeRed.receivedBy('in-sink', 1))[0]?.topic, 'reply');
    });

    it(`turn red with ${taken} when another listener is there first, and the first goes on`, async () => {
      await deploy(node('in-first', 'in', { listener: 'server' }), node('out', 'out', { link: 'client' }));
      await nodeRed.statusOf('in-first', /connected/);
      // A partial deploy, so that who was there first is the one who stays.
      await nodeRed.deploy(
        [
          tab,
          ...catching,
          node('server', 'listener', ends.listener),
          node('client', 'link', ends.link),
          node('in-first', 'in', { listener: 'server' }),
          sink('in-first-sink'),
          node('out', 'out', { link: 'client' }),
          node('second', 'listener', ends.listener),
          node('in-second', 'in', { listener: 'second' }),
        ],
        'nodes',
      );
      await told('in-second', taken);
      nodeRed.send('out', { topic: 'still', payload: 'here' });
      assert.equal((await nodeRed.receivedBy('in-first-sink', 1))[0]?.topic, 'still');
    });

    it('turn red unless they name a link or a listener that runs', async () => {
      await deploy(node('in', 'in', {}));
      await told('in', 'SETTINGS_INVALID');
      await deploy(node('in', 'in', { link: 'client', listener: 'server' }));
      await told('in', 'SETTINGS_INVALID');
      await deploy(node('out', 'out', { link: 'gone' }));
      await told('out', 'CONFIG_MISSING');
      await deploy(node('in', 'in', { listener: 'gone', link: '' }));
      await told('in', 'CONFIG_MISSING');
    });

    it('close the listener with the last node that uses it', async () => {
      await deploy(node('in', 'in', { listener: 'server' }), node('out', 'out', { link: 'client' }));
      await nodeRed.statusOf('in', /^1 connected/);
      await deploy(node('out', 'out', { link: 'client' }));
      await nodeRed.statusOf('out', /^(FAR_SIDE_GONE|LINK_REFUSED): /);
    });
  });
}
