import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import type { FlowMessage } from '../../nodes/adapter/message.ts';
import type { ProtocolName } from '../../src/endpoint/traits.ts';
import { catching, errorText, sink, startNodeRed, tab, type StoredNode, type TestNodeRed } from './node-red.ts';
import { strangerCa } from './stranger-ca.ts';
import { unusedPort } from './unused-port.ts';

/** What differs from protocol to protocol. */
export interface CarryCase {
  readonly protocol: ProtocolName;
  /** An address of the protocol with nothing behind it. */
  readonly address: (port: number) => string;
  /** Settings of a link to ourselves that must not trust us. */
  readonly untrusting: (nodeRed: TestNodeRed, strangerCa: string) => Promise<Readonly<Record<string, unknown>>>;
  /** A link to this same Chartwire, and what sends everything back through it. */
  readonly echo: (
    nodeRed: TestNodeRed,
  ) => Promise<{ link: Readonly<Record<string, unknown>>; echo: readonly StoredNode[] }>;
  /** Connections that are open now, and how many two carry nodes have, as the servers count them. */
  readonly connections: (nodeRed: TestNodeRed) => number;
  readonly connectionsOfTwo: number;
  /** Messages that went through, where a server counts those too. */
  readonly messages?: (nodeRed: TestNodeRed) => number;
}

/** What the carry node of every protocol keeps. */
export function carrySuite({ protocol, address, untrusting, echo, ...counts }: CarryCase): void {
  const carrying = (more: Readonly<Record<string, unknown>> = {}): StoredNode => ({
    id: 'carrier',
    type: `chartwire-${protocol}-carry`,
    z: tab.id,
    link: '',
    wires: [['arrived']],
    ...more,
  });
  const link = (more: Readonly<Record<string, unknown>>): StoredNode => ({
    id: 'far',
    type: `chartwire-${protocol}-link`,
    ...(protocol === 'peer' && { fingerprint: 'ab'.repeat(32) }),
    ...more,
  });
  const healthy = carrying({ id: 'healthy', wires: [['healthy-arrived']] });

  describe(`the ${protocol} carry node`, () => {
    let nodeRed: TestNodeRed;
    before(async () => {
      nodeRed = await startNodeRed();
    });
    after(async () => {
      await nodeRed.stop();
    });
    const deploy = (...nodes: StoredNode[]): Promise<void> =>
      nodeRed.deploy([tab, sink('arrived'), sink('healthy-arrived'), ...catching, healthy, ...nodes]);
    const theRestRunsOn = async (): Promise<void> => {
      nodeRed.send('healthy', { topic: 'still', payload: 'here' });
      assert.equal((await nodeRed.receivedBy('healthy-arrived', 1))[0]?.topic, 'still');
    };
    const told = async (code: string): Promise<void> => {
      const { fill } = await nodeRed.statusOf('carrier', new RegExp(`^${code}: .+`));
      assert.equal(fill, 'red');
      const caught = await nodeRed.receivedBy('caught', 1);
      assert.match(errorText(caught[0]!), new RegExp(`^${code}: .+; .+`));
    };

    it('carries 100 messages unchanged', async () => {
      const complete = { id: 'completing', type: 'complete', z: tab.id, scope: ['carrier'], wires: [['completed']] };
      await deploy(carrying(), complete, sink('completed'));
      const before = counts.messages?.(nodeRed) ?? 0;
      const messages = Array.from({ length: 100 }, (_, index) => sample(index));
      for (const message of messages) nodeRed.send('carrier', message);
      const arrived = await nodeRed.receivedBy('arrived', 100);
      await nodeRed.receivedBy('completed', 100);
      assert.deepEqual(arrived.map(comparable), messages.map(expected));
      assert.deepEqual(nodeRed.received('caught'), []);
      if (counts.messages !== undefined) assert.ok(counts.messages(nodeRed) >= before + 100);
      const reading = nodeRed.services.meters.find('carrier')?.read();
      assert.deepEqual([reading?.sent, reading?.received, reading?.failed], [100, 100, 0]);
    });

    it('does so over connections of its own, and closes them', async () => {
      await nodeRed.deploy([tab]);
      const open = (): number => counts.connections(nodeRed);
      await settled(open);
      const before = open();
      await deploy(carrying());
      await nodeRed.statusOf('carrier', /sent/);
      await nodeRed.statusOf('healthy', /sent/);
      assert.equal(open() - before, counts.connectionsOfTwo);
      await nodeRed.deploy([tab]);
      while (open() > before) await setTimeout(5);
    });

    it('carries over another link when one is chosen', async () => {
      const far = await echo(nodeRed);
      await deploy(carrying({ link: 'far' }), link(far.link), ...far.echo);
      await nodeRed.statusOf('carrier', /sent/);
      nodeRed.send('carrier', { topic: 'there/and/back', payload: { n: 1 } });
      const [back] = await nodeRed.receivedBy('arrived', 1);
      assert.deepEqual([back?.topic, String(back?.payload)], ['there/and/back', '{"n":1}']);
    });

    it('says what carried a message, and how fast', async () => {
      await deploy(carrying());
      nodeRed.send('carrier', { topic: 'a', payload: 'four' });
      const { carried } = (await nodeRed.receivedBy('arrived', 1))[0]!;
      assert.equal(carried?.protocol, protocol);
      assert.equal(carried?.bytes, 4);
      assert.ok(carried.latencyMs >= 0);
    });

    it('carries which loop guards a message has passed, so that a circle through it ends', async () => {
      const guard = { id: 'guard', type: 'chartwire-step', z: tab.id, guard: true, wires: [['carrier', 'seen']] };
      await deploy(carrying({ wires: [['guard', 'arrived']] }), guard, sink('seen'));
      nodeRed.send('guard', { topic: 'round', payload: 'once' });
      await nodeRed.receivedBy('arrived', 1);
      await nodeRed.statusOf('guard', /loop guard 1/);
      assert.equal(nodeRed.received('seen').length, 1);
    });

    it('frees its path or port for the next deploy, under load', async () => {
      for (let round = 1; round <= 5; round += 1) {
        await deploy(carrying());
        for (let index = 0; index < 200; index += 1) nodeRed.send('carrier', { topic: 'load', payload: index });
      }
      await deploy(carrying());
      nodeRed.send('carrier', { topic: 'last', payload: 'of all' });
      const arrived = await nodeRed.receivedBy('arrived', 1);
      assert.equal(arrived.at(-1)?.topic, 'last');
      assert.equal(nodeRed.received('caught').length, 0);
    });

    it('turns red and tells Catch when the far side is unreachable, and the rest runs on', async () => {
      await deploy(carrying({ link: 'far' }), link({ url: address(await unusedPort()), sendTimeoutMs: 50 }));
      await told('FAR_SIDE_GONE');
      await theRestRunsOn();
    });

    it('gives a message it could not carry to Catch, with the message', async () => {
      await deploy(carrying({ link: 'far' }), link({ url: address(await unusedPort()), sendTimeoutMs: 50 }));
      nodeRed.send('carrier', { topic: 'lost', payload: 'but not in silence' });
      const caught = await nodeRed.receivedBy('caught', 2);
      const lost = caught.find((message) => message.topic === 'lost');
      assert.match(errorText(lost ?? {}), /^(FAR_SIDE_GONE|SEND_TIMED_OUT): /);
    });

    it('turns red when the far side is not to be trusted, and the rest runs on', async () => {
      await deploy(carrying({ link: 'far' }), link(await untrusting(nodeRed, await strangerCa())));
      await told('FAR_SIDE_UNTRUSTED');
      await theRestRunsOn();
    });

    it('turns red when its link is missing, disabled or of another kind, and the rest runs on', async () => {
      for (const others of [[], [link({ url: address(1), d: true })], [{ id: 'far', type: 'mqtt-broker' }]]) {
        await deploy(carrying({ link: 'far' }), ...others);
        await told('CONFIG_MISSING');
        await theRestRunsOn();
      }
    });

    it('turns red when a setting is wrong, its own or its link’s', async () => {
      await deploy(carrying({ link: 7 }));
      await told('SETTINGS_INVALID');
      await deploy(carrying({ link: 'far' }), link({ url: 'gopher://far' }));
      await told('SETTINGS_INVALID');
      await theRestRunsOn();
    });
  });
}

/** Resolves when a figure has been the same for many turns: what closes has closed. */
async function settled(figure: () => number): Promise<void> {
  for (let [last, same] = [figure(), 0]; same < 10; same = figure() === last ? same + 1 : 0) {
    last = figure();
    await setTimeout(20);
  }
}

/** All that a message may be made of; no two alike. */
function sample(index: number): FlowMessage {
  const payloads = [Buffer.from([index, 0, 255]), `tëxt ${index}`, { index, deep: [null, true] }, index, ''];
  const topics = ['', 'plain', 'a/b/c', `sp ace/ü/${index}`, 'C++ #1 100%'];
  return {
    topic: topics[index % 5]!,
    payload: payloads[(index + Math.floor(index / 5)) % 5],
    userProperties: { index: String(index), ünïcode: '✓ (x)' },
    ...(index % 3 === 0 && { contentType: 'application/x-sample' }),
  };
}

interface Comparable {
  readonly topic: unknown;
  readonly payload: string;
  readonly contentType: unknown;
  readonly userProperties: unknown;
}

function expected({ topic, payload, contentType, userProperties }: FlowMessage): Comparable {
  const bytes = Buffer.isBuffer(payload)
    ? payload
    : Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
  const made = Buffer.isBuffer(payload) ? undefined : typeof payload === 'string' ? 'text/plain' : 'application/json';
  return { topic, payload: bytes.toString('hex'), contentType: contentType ?? made, userProperties };
}

function comparable({ topic, payload, contentType, userProperties }: FlowMessage): Comparable {
  const { 'sent-at': _sentAt, ...own } = userProperties as Record<string, string>;
  return { topic, payload: (payload as Buffer).toString('hex'), contentType, userProperties: own };
}
