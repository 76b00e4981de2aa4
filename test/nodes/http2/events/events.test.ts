import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { http1Server, http2Server } from '../../../http/client/world.ts';
import { testIdentities } from '../../../front-door/test-door.ts';
import {
  catching,
  errorText,
  sink,
  startNodeRed,
  tab,
  type StoredNode,
  type TestNodeRed,
} from '../../../support/node-red.ts';
import { waitFor } from '../../../support/wait-for.ts';

type Settings = Readonly<Record<string, unknown>>;

const stream = (response: ServerResponse): ServerResponse => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders?.();
  return response;
};
const idOf = ({ headers }: IncomingMessage): unknown => headers['last-event-id'];

describe('http2 events', () => {
  let nodeRed: TestNodeRed;
  before(async () => (nodeRed = await startNodeRed()));
  after(async () => {
    await nodeRed.deploy([tab]);
    await nodeRed.stop();
  });
  beforeEach(() => nodeRed.deploy([tab]));

  const events = (settings: Settings): StoredNode => ({
    id: 'events',
    type: 'chartwire-http2-events',
    z: tab.id,
    wires: [['arrived']],
    client: '',
    reconnectFirstMs: 5,
    reconnectLongestMs: 10,
    ...settings,
  });
  const deploy = (...nodes: StoredNode[]): Promise<void> =>
    nodeRed.deploy([tab, ...catching, sink('arrived'), ...nodes]);
  const arrived = async (count: number): Promise<unknown[][]> =>
    (await nodeRed.receivedBy('arrived', count)).map(({ topic, payload, lastEventId }) => [
      topic,
      payload,
      lastEventId,
    ]);

  it('emits type, data and id of each, over HTTP/2', async () => {
    const { authority } = await testIdentities();
    await using server = await http2Server((incoming, response) => {
      assert.deepEqual([incoming.httpVersion, incoming.headers.accept], ['2.0', 'text/event-stream']);
      stream(response).write(': comment\n\nid: 1\nevent: price\ndata: {"a":\ndata: 1}\n\ndata: plain\n\n');
    });
    await deploy(events({ url: server.url, client: 'c' }), {
      id: 'c',
      type: 'chartwire-http2-client',
      ca: authority.ca,
    });
    assert.deepEqual(await arrived(2), [
      ['price', '{"a":\n1}', '1'],
      ['message', 'plain', '1'],
    ]);
    await nodeRed.statusOf('events', /received/);
  });

  it('lets only some types through, and reads JSON', async () => {
    await using server = await http1Server((_incoming, response) =>
      stream(response).write(
        'event: a\ndata: {"b":1}\n\nevent: c\ndata: 2\n\nevent: d\ndata: 3\n\nevent: a\ndata: no\n\n',
      ),
    );
    await deploy(events({ url: server.url, events: 'a, d', ret: 'obj' }));
    assert.deepEqual(await arrived(2), [
      ['a', { b: 1 }, ''],
      ['d', 3, ''],
    ]);
    const [caught] = await nodeRed.receivedBy('caught', 1);
    assert.match(errorText(caught!), /^MESSAGE_INVALID: .*no JSON/);
  });

  it('goes on after the last event when the connection is lost, and after a deploy', async () => {
    const asked: unknown[] = [];
    await using server = await http1Server((incoming, response) => {
      asked.push(idOf(incoming));
      const next = Number(idOf(incoming) ?? 0) + 1;
      stream(response).write(`retry: 3\nid: ${next}\ndata: event ${next}\n\n`, () => next < 3 && response.destroy());
    });
    await deploy(events({ url: server.url }));
    assert.deepEqual(
      (await arrived(3)).map(([, data]) => data),
      ['event 1', 'event 2', 'event 3'],
    );
    assert.deepEqual(asked, [undefined, '1', '2']);
    const [caught] = await nodeRed.receivedBy('caught', 1);
    assert.match(errorText(caught!), /^(FAR_SIDE_GONE|RESPONSE_INVALID): /);
    await nodeRed.deploy([tab, ...catching, sink('arrived'), events({ url: server.url, name: 'changed' })], 'nodes');
    while (asked.length < 4) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(asked[3], '3');
    await nodeRed.deploy([tab, ...catching, sink('arrived'), events({ url: server.url, resume: false })], 'nodes');
    while (asked.length < 5) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(asked[4], undefined);
  });

  it('begins after the id it is told, with its headers and as who it is', async () => {
    const seen = Promise.withResolvers<IncomingMessage['headers']>();
    await using server = await http1Server((incoming, response) => {
      seen.resolve(incoming.headers);
      stream(response).write('data: x\n\n');
    });
    const headers = [{ keyType: 'other', keyValue: 'X-A', valueType: 'other', valueValue: 'b' }];
    const credentials = { password: 'token' };
    await deploy(events({ url: server.url, lastEventId: 'é7', headers, authType: 'bearer', credentials }));
    const { 'x-a': own, authorization, 'last-event-id': id = '' } = await seen.promise;
    assert.deepEqual([own, authorization], ['b', 'Bearer token']);
    assert.equal(Buffer.from(String(id), 'latin1').toString(), 'é7');
  });

  it('connects again when the server is silent for too long', async () => {
    let asked = 0;
    await using server = await http1Server((_incoming, response) => {
      asked += 1;
      stream(response).write(`data: ${asked}\n\n`);
    });
    await deploy(events({ url: server.url, silenceMs: 30 }));
    assert.deepEqual(
      (await arrived(2)).map(([, data]) => data),
      ['1', '2'],
    );
    const [caught] = await nodeRed.receivedBy('caught', 1);
    assert.match(errorText(caught!), /^REQUEST_TIMED_OUT: /);
  });

  it('stops when the server says that there is no more', async () => {
    let asked = 0;
    await using server = await http1Server((_incoming, response) => {
      asked += 1;
      if (asked === 1) stream(response).end('data: last\n\n');
      else response.writeHead(204).end();
    });
    await deploy(events({ url: server.url }));
    await nodeRed.statusOf('events', /^closed$/);
    assert.equal(asked, 2);
  });

  for (const [what, act, expected] of [
    [
      'another status',
      (response: ServerResponse) => response.writeHead(404).end(),
      /^LINK_REFUSED: .*404 where an event stream/,
    ],
    [
      'something else than events',
      (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/html' }).end('x'),
      /^LINK_REFUSED: .*text\/html/,
    ],
    [
      'an event without end',
      (response: ServerResponse) => stream(response).write(`data: ${'x'.repeat(10_000)}`),
      /^RESPONSE_INVALID: .*too long/,
    ],
  ] as [string, (response: ServerResponse) => unknown, RegExp][]) {
    it(`says so once for an outage when it gets ${what}, and tries again`, async () => {
      let asked = 0;
      await using server = await http1Server((_incoming, response) => {
        asked += 1;
        act(response);
      });
      await deploy(events({ url: server.url, maxEventBytes: 1000 }));
      const [caught] = await nodeRed.receivedBy('caught', 1);
      assert.match(errorText(caught!), expected);
      await waitFor('the third try', () => asked >= 3 || undefined);
    });
  }

  it('ends the stream when it is closed', async () => {
    const gone = Promise.withResolvers<void>();
    await using server = await http1Server((_incoming, response) => {
      response.once('close', () => gone.resolve());
      stream(response).write('data: x\n\n');
    });
    await deploy(events({ url: server.url }));
    await arrived(1);
    await deploy();
    await gone.promise;
  });
});
