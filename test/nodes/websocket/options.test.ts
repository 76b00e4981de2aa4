import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { errorText, sink, tab, type StoredNode } from '../../support/node-red.ts';
import { unusedPort } from '../../support/unused-port.ts';
import { ownListener, place, websocketWorld, type TestClient, type WebSocketWorld } from './world.ts';

const tokens = { callers: 'bearer', tokens: 'anna:a berta:b' };
const as = (token: string): { headers: Record<string, string> } => ({ headers: { authorization: `Bearer ${token}` } });

describe('the options of the websocket nodes', () => {
  let world: WebSocketWorld;
  before(async () => {
    world = await websocketWorld();
  });
  after(async () => {
    await world[Symbol.asyncDispose]();
  });
  const out = (id: string, more: object = {}): StoredNode =>
    place(id, 'chartwire-websocket-out', { listener: 'ours', link: '', ...more });
  const comeIn = (more: object = {}): StoredNode =>
    place('in', 'chartwire-websocket-in', { listener: 'ours', link: '', ...more }, ['sink']);
  const rooms = (more: object = {}): StoredNode =>
    place('rooms', 'chartwire-websocket-rooms', { listener: 'ours', ...more }, ['told']);
  /** What came until and with the word "end", which everybody gets. */
  const untilEnd = async ({ received, socket }: TestClient): Promise<unknown[]> => {
    while (received.at(-1) !== 'end') await once(socket, 'message');
    return received.slice(0, -1);
  };

  it('reach rooms, identities, everybody, and all but the sender', async () => {
    await world.deploy(
      ownListener('ours', '/ours', tokens),
      comeIn(),
      sink('sink'),
      rooms({ action: 'join', room: 'plant' }),
      sink('told'),
      out('any'),
      out('fixed', { room: 'plant' }),
      out('hers', { identity: 'berta' }),
      out('everyone', { audience: 'everyone' }),
      out('others', { audience: 'others' }),
    );
    const [anna, berta] = [await world.dial('/ours', as('a')), await world.dial('/ours', as('b'))];
    anna.socket.send('here I am');
    const [arrived] = await world.nodeRed.receivedBy('sink', 1);
    assert.equal((arrived!['client'] as { identity: string }).identity, 'anna');
    const { _session } = arrived!;
    world.nodeRed.send('rooms', { _session });
    const told = await world.nodeRed.receivedBy('told', 3);
    assert.deepEqual(
      told.map(({ topic, payload }) => [topic, (payload as { identity: string }).identity]),
      [
        ['connect', 'anna'],
        ['connect', 'berta'],
        ['join', 'anna'],
      ],
    );
    const send = (id: string, payload: string, more: object = {}): void => world.nodeRed.send(id, { payload, ...more });
    send('any', 'answer', { _session });
    send('any', 'room', { _session, room: ['plant', 'office'] });
    send('any', 'identity', { identity: 'berta' });
    send('any', 'except', { except: (_session as { id: string }).id });
    send('fixed', 'fixed room');
    send('hers', 'fixed identity');
    send('everyone', 'everyone', { _session });
    send('others', 'others', { _session });
    send('any', 'end');
    assert.deepEqual(await untilEnd(anna), ['answer', 'room', 'fixed room', 'everyone']);
    assert.deepEqual(await untilEnd(berta), ['identity', 'except', 'fixed identity', 'everyone', 'others']);
    send('any', 'late', { _session: { type: 'websocket', id: 'gone' } });
    assert.match(errorText((await world.nodeRed.receivedBy('caught', 1))[0]!), /^FAR_SIDE_GONE: /);
  });

  it('tell who comes and goes in the status, for Status nodes, as the core nodes do', async () => {
    await world.deploy(
      ownListener('ours', '/ours'),
      comeIn(),
      sink('sink'),
      { id: 'status', type: 'status', z: tab.id, scope: ['in'], wires: [['statuses']] },
      sink('statuses'),
    );
    await world.nodeRed.statusOf('in', /^0 connected/);
    const { socket } = await world.dial('/ours');
    socket.close();
    const wanted = ['connect', 'disconnect'];
    for (let count = 1; wanted.length > 0; count += 1) {
      const { status } = (await world.nodeRed.receivedBy('statuses', count))[count - 1] as unknown as {
        status: { event?: string; _session?: { type: string; id: string } };
      };
      if (status.event === undefined) continue;
      assert.equal(status.event, wanted.shift());
      assert.equal(status._session?.type, 'websocket');
    }
  });

  it('end connections, and refuse what cannot be done', async () => {
    await world.deploy(ownListener('ours', '/ours', tokens), comeIn(), sink('sink'), rooms(), sink('told'));
    const { socket } = await world.dial('/ours', as('a'));
    world.nodeRed.send('rooms', { action: 'disconnect', identity: 'anna', code: 4001, reason: 'enough' });
    const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
    assert.deepEqual([code, reason.toString()], [4001, 'enough']);
    const wrong = [
      { action: 'dance' },
      { action: 'join' },
      { action: 'join', room: 'x' },
      { action: 'disconnect', identity: 'a', code: 1006 },
    ];
    for (const message of wrong) world.nodeRed.send('rooms', { ...message });
    const caught = await world.nodeRed.receivedBy('caught', wrong.length);
    for (const message of caught) assert.match(errorText(message), /^MESSAGE_INVALID: /);
  });

  it('take any JSON as a whole message, and no names from outside that mean something here', async () => {
    await world.deploy(ownListener('ours', '/ours', { wholemsg: 'true' }), comeIn(), sink('sink'));
    const { socket } = await world.dial('/ours');
    const sent = [
      'null',
      '[1]',
      '"x"',
      'no JSON',
      '{"payload":1,"_session":{"id":"x"},"client":1,"req":{},"__proto__":{"a":1}}',
    ];
    for (const text of sent) socket.send(text);
    const taken = await world.nodeRed.receivedBy('sink', sent.length);
    assert.deepEqual(
      taken.map(({ payload }) => payload),
      [null, [1], 'x', 'no JSON', 1],
    );
    const { client, _session, req } = taken.at(-1)!;
    assert.deepEqual([typeof client, (_session as { id: string }).id.length, req], ['object', 16, undefined]);
    assert.equal(({} as { a?: unknown }).a, undefined);
  });

  it('give an identity what it missed, with a mark to go on from', async () => {
    await world.deploy(
      ownListener('ours', '/ours', { ...tokens, wholemsg: 'true', outboxMessages: 10 }),
      comeIn(),
      sink('sink'),
      out('any'),
    );
    const before = await world.dial('/ours', as('a'));
    world.nodeRed.send('any', { payload: 1 });
    world.nodeRed.send('any', { payload: 2 });
    const [first] = (await before.receivedBy(2)).map((text) => JSON.parse(String(text)) as { _id: string });
    before.socket.terminate();
    await world.nodeRed.statusOf('in', /^0 connected/);
    world.nodeRed.send('any', { payload: 3 });
    const after = await world.dial(`/ours?lastEventId=${first!._id}`, as('a'));
    const missed = (await after.receivedBy(2)).map((text) => (JSON.parse(String(text)) as { payload: number }).payload);
    assert.deepEqual(missed, [2, 3]);
  });

  it('stand at the front door, with path parameters, over HTTP/2 too', async () => {
    await world.deploy(
      { id: 'ours', type: 'chartwire-websocket-listener', path: '/plant/:line' },
      comeIn({ datatype: 'json' }),
      sink('sink'),
      { id: 'link', type: 'chartwire-websocket-link', path: '/plant/7', http: '2' },
      place('up', 'chartwire-websocket-out', { link: 'link', listener: '' }),
    );
    world.nodeRed.send('up', { topic: 't', payload: { n: 1 } });
    const [message] = await world.nodeRed.receivedBy('sink', 1);
    const { params, httpVersion } = message!['client'] as Record<string, unknown>;
    assert.deepEqual([message?.payload, message?.topic, params, httpVersion], [{ n: 1 }, 't', { line: '7' }, '2.0']);
  });

  it('stand on a port of their own, which nobody else may have', async () => {
    const port = await unusedPort();
    const own = { type: 'chartwire-websocket-listener', port, transport: 'plain', callers: 'everybody', path: '/own' };
    await world.deploy(
      { id: 'ours', ...own },
      comeIn(),
      sink('sink'),
      { id: 'link', type: 'chartwire-websocket-link', url: `ws://127.0.0.1:${port}/own` },
      place('up', 'chartwire-websocket-out', { link: 'link', listener: '' }),
      { id: 'second', ...own, path: '/other' },
      place('none', 'chartwire-websocket-in', { listener: 'second', link: '' }, []),
    );
    world.nodeRed.send('up', { topic: 't', payload: 'x' });
    assert.equal((await world.nodeRed.receivedBy('sink', 1))[0]?.payload, 'x');
    await world.nodeRed.statusOf('none', /^PORT_TAKEN: /);
  });

  it('of a link send headers, credentials and sub-protocols, whole messages and payloads', async () => {
    const far = createServer();
    const heads: Record<string, unknown>[] = [];
    const got: string[] = [];
    new WebSocketServer({ server: far }).on('connection', (socket, { headers }) => {
      heads.push(headers);
      socket.on(
        'message',
        (data: Buffer) => got.push(data.toString()) && socket.send('{"payload":"back","topic":"t"}'),
      );
    });
    far.listen(0, '127.0.0.1');
    await once(far, 'listening');
    process.env['CHARTWIRE_TEST_HEADER'] = 'from outside';
    await world.deploy(
      {
        id: 'link',
        type: 'chartwire-websocket-link',
        url: `ws://127.0.0.1:${(far.address() as AddressInfo).port}/feed`,
        wholemsg: 'true',
        subprotocol: 'chat',
        user: 'anna',
        password: 'secret',
        headers: [
          { keyType: 'other', keyValue: 'X-Env', valueType: 'env', valueValue: 'CHARTWIRE_TEST_HEADER' },
          { keyType: 'User-Agent', keyValue: '', valueType: 'other', valueValue: 'Chartwire' },
        ],
      },
      place('up', 'chartwire-websocket-out', { link: 'link', listener: '' }),
      place('in', 'chartwire-websocket-in', { link: 'link', listener: '' }, ['sink']),
      sink('sink'),
    );
    world.nodeRed.send('up', { topic: 'x', payload: 1 });
    const [back] = await world.nodeRed.receivedBy('sink', 1);
    assert.deepEqual([back?.payload, back?.topic], ['back', 't']);
    const { topic, payload } = JSON.parse(got[0]!) as { topic: string; payload: number };
    assert.deepEqual([topic, payload], ['x', 1]);
    const { authorization, 'x-env': env, 'user-agent': agent, 'sec-websocket-protocol': protocol } = heads[0]!;
    const basic = `Basic ${Buffer.from('anna:secret').toString('base64')}`;
    assert.deepEqual([authorization, env, agent, protocol], [basic, 'from outside', 'Chartwire', 'chat']);
    delete process.env['CHARTWIRE_TEST_HEADER'];
    await world.deploy();
    far.close();
    far.closeAllConnections();
  });
});
