import assert from 'node:assert/strict';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { errorText, startNodeRed, type StoredNode, type TestNodeRed } from '../../support/node-red.ts';
import { peerPair } from '../../nodes/peer/pair.ts';
import { runningChart } from './running-chart.ts';

type Settings = Readonly<Record<string, unknown>>;

/** How a chart asks and answers over each protocol that has messages both ways. */
const WAYS: readonly {
  protocol: string;
  pair: (red: TestNodeRed) => Promise<{ listener: Settings; link: Settings }>;
}[] = [
  { protocol: 'websocket', pair: async () => ({ listener: { path: '/asked' }, link: { path: '/asked' } }) },
  { protocol: 'http2', pair: async () => ({ listener: { path: '/asked' }, link: { path: '/asked' } }) },
  { protocol: 'peer', pair: peerPair },
];

/** Asks our own front door. */
const OWN: StoredNode = { id: 'own', type: 'chartwire-http2-client', ownIdentity: true };

const LOUD = `{ type: function, func: "msg.payload = String(msg.payload).toUpperCase(); return msg" }`;

describe('a double arrow of a running chart', () => {
  let red: TestNodeRed;
  before(async () => {
    red = await startNodeRed();
  });
  after(() => red.stop());

  for (const { protocol, pair } of WAYS) {
    it(`asks over ${protocol}, answers there, and brings the answer to the box that asked, once`, async () => {
      const { listener, link } = await pair(red);
      const { flow, idOf } = runningChart(`---
flow:
  Q: { type: chartwire-${protocol}-out, link: far, topic: questions }
  I: { type: chartwire-${protocol}-in, listener: near }
  W: ${LOUD}
---
graph LR
A[Ask] <--> Q[Far side]
Q --> S[Show]
I[Questions] <--> W[Say it loud]
`);
      const ends: StoredNode[] = [
        { id: 'near', type: `chartwire-${protocol}-listener`, ...listener },
        { id: 'far', type: `chartwire-${protocol}-link`, ...link },
      ];
      await red.deploy([...flow, ...ends]);
      await red.statusOf(idOf('I'), /^1 connected/);
      red.send(idOf('A'), { payload: 'hello' });
      assert.equal((await red.receivedBy(idOf('S'), 1))[0]?.payload, 'HELLO');
      assert.equal((await red.receivedBy(idOf('A'), 2))[1]?.payload, 'HELLO');
      red.send(idOf('A'), { payload: 'again' });
      assert.equal((await red.receivedBy(idOf('S'), 2))[1]?.payload, 'AGAIN');
      assert.equal(red.received(idOf('W')).length, 2, 'no answer was asked again');
    });
  }

  it('answers a WebSocket client over its own connection, and nobody else', async () => {
    const { flow, idOf } = runningChart(
      `---\nflow:\n  I: { type: chartwire-websocket-in, listener: near }\n  W: ${LOUD}\n---\ngraph LR\nI <--> W`,
    );
    const path = '/plain';
    await red.deploy([...flow, { id: 'near', type: 'chartwire-websocket-listener', path, callers: 'everybody' }]);
    await red.statusOf(idOf('I'), /connected/);
    const { door, identity } = red.services;
    const sockets = [0, 1].map(() => new WebSocket(`wss://127.0.0.1:${door.port}${path}`, { ca: identity.ca }));
    await Promise.all(sockets.map((socket) => once(socket, 'open')));
    const [asking, other] = sockets;
    assert.ok(asking && other);
    const heard: string[] = [];
    other.on('message', (data: Buffer) => heard.push(data.toString()));
    const answered = once(asking, 'message');
    asking.send('hello');
    assert.equal(String((await answered)[0]), 'HELLO');
    const next = once(other, 'message');
    other.send('me too');
    await next;
    assert.deepEqual(heard, ['ME TOO']);
    for (const socket of sockets) socket.terminate();
  });

  it('asks and answers requests over HTTP/2', async () => {
    const { port } = red.services.door;
    const { flow, idOf } = runningChart(`---
flow:
  Q: { type: chartwire-http2-request, client: own, url: "https://127.0.0.1:${port}/double?n={{payload}}" }
  I: { type: chartwire-http2-in, url: /double }
  W: { type: function, func: "msg.payload = String(msg.payload.n * 2); return msg" }
---
graph LR
A[Ask] <--> Q[Double it]
Q --> S[Show]
I[Requests] <--> W[Reckon]
`);
    await red.deploy([...flow, OWN]);
    await red.statusOf(idOf('I'), /received/);
    red.send(idOf('A'), { payload: 21 });
    assert.equal((await red.receivedBy(idOf('S'), 1))[0]?.payload, '42');
    assert.equal((await red.receivedBy(idOf('A'), 2))[1]?.payload, '42');
  });

  const unanswered = [
    { over: 'MQTT', asks: 'type: chartwire-mqtt-request, topic: nobody/home, timeoutMs: 50', code: /^ANSWER_MISSING/ },
    {
      over: 'HTTP/2',
      asks: 'type: chartwire-http2-request, client: own, url: URL, requestTimeoutMs: 50',
      code: /^REQUEST_TIMED_OUT/,
    },
  ];
  for (const { over, asks, code } of unanswered) {
    it(`tells over ${over} when no answer comes in time`, async () => {
      const { flow, idOf } = runningChart(`---
flow:
  Q: { ${asks.replace('URL', `"https://127.0.0.1:${red.services.door.port}/silent"`)} }
  I: { type: chartwire-http2-in, url: /silent }
---
graph LR
A[Ask] <--> Q[Anybody?]
Q --x D[Nobody]
I --> K[Keep it]
`);
      await red.deploy([...flow, OWN]);
      await red.statusOf(idOf('I'), /received/);
      red.send(idOf('A'), { payload: 'hello?' });
      const [letter] = await red.receivedBy(idOf('D'), 1);
      assert.ok(letter);
      assert.match(errorText(letter), code);
      await red.statusOf(idOf('Q'), /1 failed/);
      assert.equal(red.received(idOf('A')).length, 1, 'no answer came');
    });
  }
});
