import assert from 'node:assert/strict';
import { chartwire } from '../support/cli.ts';
import { startChartwire, type TestHost } from '../support/host.ts';
import { boxOf, statusOf } from '../support/status.ts';
import { waitFor } from '../support/wait-for.ts';

const BRANCHES = ['C', 'D', 'E'] as const;

describe('the chart of the first start', () => {
  let host: TestHost;
  before(async () => {
    host = await startChartwire();
  });
  after(() => host.stop());

  it('runs by itself: every box has its own node type, and messages go through all nine', async () => {
    const status = await waitFor('messages at the last box', async () => {
      const now = await statusOf(host);
      return boxOf(now, 'I').messagesIn > 10 && BRANCHES.every((box) => boxOf(now, box).messagesOut > 2)
        ? now
        : undefined;
    });
    assert.equal(new Set(status.nodes.map(({ type }) => type)).size, 9);
    for (const node of status.nodes) assert.equal(node.errors, 0, `${node.name}: ${node.state}`);
    const wire = status.wires.find(({ from, to }) => from === boxOf(status, 'B').id && to === boxOf(status, 'D').id);
    assert.ok((wire?.messages ?? 0) > 0);
  });

  it('carries them over TLS sockets of three protocols, as the front door and the broker count', async () => {
    const { door, broker, links, listeners } = await statusOf(host);
    assert.match(listeners['frontDoor'] ?? '', /^https:/);
    for (const protocol of ['mqtt', 'http2', 'websocket'] as const) assert.ok(door[protocol].open > 0, protocol);
    assert.ok(broker.published > 0);
    for (const { protocol, state, sent, received } of links) {
      assert.equal(state, 'up', protocol);
      assert.ok(sent > 0 && received > 0, protocol);
    }
  });

  for (const [protocol, box, label] of [
    ['http2', 'D', 'HTTP'],
    ['websocket', 'E', 'WebSocket'],
    ['mqtt', 'C', 'MQTT'],
  ] as const) {
    it(`moves the traffic of ${label} when its server is shut, says why, and brings it back`, async () => {
      const shut = await chartwire('door', 'close', protocol, '--home', host.home);
      assert.equal(shut.code, 0, shut.err);
      await waitFor('the reason on the canvas', async () => {
        const { state } = boxOf(await statusOf(host), 'B');
        return state.includes(`${label} down`) ? state : undefined;
      });
      assert.match(boxOf(await statusOf(host), box).state, /FAR_SIDE_GONE|connecting/);
      const others = BRANCHES.filter((other) => other !== box);
      const before = await statusOf(host);
      await waitFor('the other branches to go on while this one rests', async () => {
        const now = await statusOf(host);
        const went = others.every((other) => boxOf(now, other).messagesOut > boxOf(before, other).messagesOut + 3);
        return went ? true : undefined;
      });
      assert.equal(boxOf(await statusOf(host), box).messagesOut, boxOf(before, box).messagesOut);

      const opened = await chartwire('door', 'open', protocol, '--home', host.home);
      assert.equal(opened.out.trim(), 'all protocols are open');
      await waitFor(
        'its traffic to come back',
        async () => {
          const now = await statusOf(host);
          return boxOf(now, box).messagesOut > boxOf(before, box).messagesOut ? true : undefined;
        },
        { withinMs: 60_000 },
      );
    });
  }

  it('prints its status for people and for programs', async () => {
    const json = await chartwire('status', '--json', '--home', host.home);
    const parsed = JSON.parse(json.out) as Record<string, unknown>;
    for (const key of ['version', 'uptimeInS', 'listeners', 'flows', 'nodes', 'wires']) assert.ok(key in parsed, key);
    const table = await chartwire('status', '--home', host.home);
    assert.match(table.out, /Choose Protocol +\d+ +\d+/);
  });

  it('ends at SIGTERM and leaves no process and no control file', async () => {
    await host.stop();
    assert.throws(() => process.kill(host.pid, 0), { code: 'ESRCH' });
    assert.equal((await chartwire('status', '--home', host.home)).code, 1);
  });
});
