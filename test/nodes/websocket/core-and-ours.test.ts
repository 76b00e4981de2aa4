import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { heldBytes } from '../../support/held-bytes.ts';
import { sink } from '../../support/node-red.ts';
import { ownListener, place, websocketWorld, type WebSocketWorld } from './world.ts';

const LIMIT = 1_048_576;

/** Defects of the core nodes of Node-RED 5.0.7, each shown at them and then at ours, in one runtime at one server. */
describe('what the core WebSocket nodes do wrong and ours do right', () => {
  let world: WebSocketWorld;
  before(async () => {
    world = await websocketWorld();
  });
  after(async () => {
    await world[Symbol.asyncDispose]();
  });

  it('run the same flow with the types changed: text, bytes, answers, broadcasts, whole messages', async () => {
    const flow = (core: boolean) => {
      const name = core ? 'core' : 'ours';
      const type = (kind: string): string =>
        core ? `websocket${kind === 'listener' ? '-' : ' '}${kind}` : `chartwire-websocket-${kind}`;
      const side = (id: string): object => (core ? { server: id, client: '' } : { listener: id, link: '' });
      const listener = (id: string, path: string, wholemsg: string): object =>
        core ? { id, type: type('listener'), path, wholemsg } : ownListener(id, path, { wholemsg });
      return [
        listener(`${name}-echo`, `/${name}/echo`, 'false'),
        place(`${name}-in`, type('in'), side(`${name}-echo`), [`${name}-out`, `${name}-sink`]),
        place(`${name}-out`, type('out'), side(`${name}-echo`)),
        listener(`${name}-whole`, `/${name}/whole`, 'true'),
        place(`${name}-whole-in`, type('in'), side(`${name}-whole`), [`${name}-whole-out`]),
        place(`${name}-whole-out`, type('out'), side(`${name}-whole`)),
        place(`${name}-all`, type('out'), side(`${name}-echo`)),
        sink(`${name}-sink`),
      ] as Parameters<typeof world.deploy>;
    };
    await world.deploy(...flow(true), ...flow(false));
    for (const name of ['core', 'ours']) {
      const [one, two] = [await world.dial(`/${name}/echo`), await world.dial(`/${name}/echo`)];
      one.socket.send('{"n":1}');
      one.socket.send(Buffer.from([0, 255]));
      assert.deepEqual(await one.receivedBy(2), ['{"n":1}', Buffer.from([0, 255])]);
      const [text, bytes] = await world.nodeRed.receivedBy(`${name}-sink`, 2);
      assert.deepEqual([text?.payload, bytes?.payload], ['{"n":1}', Buffer.from([0, 255])]);
      assert.equal((text!['_session'] as { type: string }).type, 'websocket');
      for (const payload of ['to all', 5, true, { a: [1] }]) world.nodeRed.send(`${name}-all`, { payload });
      assert.deepEqual((await one.receivedBy(6)).slice(2), ['to all', '5', 'true', '{"a":[1]}']);
      assert.deepEqual(await two.receivedBy(4), ['to all', '5', 'true', '{"a":[1]}']);
      const whole = await world.dial(`/${name}/whole`);
      whole.socket.send('{"topic":"t","payload":{"n":1},"more":true}');
      whole.socket.send('7');
      const [object, number] = (await whole.receivedBy(2)).map((answer) => JSON.parse(String(answer)) as object);
      assert.deepEqual({ ...object, _msgid: '' }, { topic: 't', payload: { n: 1 }, more: true, _msgid: '' });
      assert.deepEqual({ ...number, _msgid: '' }, { payload: 7, _msgid: '' });
    }
  });

  it('D6: a client that does not read takes memory without end of core, and no more than its limit of ours', async () => {
    await world.deploy(
      { id: 'core', type: 'websocket-listener', path: '/core', wholemsg: 'false' },
      place('core-out', 'websocket out', { server: 'core', client: '' }),
      ownListener('ours', '/ours', { wholemsg: 'false', overflow: 'dropOldest', maxBufferedBytes: LIMIT }),
      place('ours-out', 'chartwire-websocket-out', { listener: 'ours', link: '' }),
    );
    const held = async (name: string): Promise<number> => {
      const { socket } = await world.dial(`/${name}`, { perMessageDeflate: false });
      socket.pause();
      const payload = 'x'.repeat(10_000);
      const before = heldBytes();
      // 60 MB, far more than the buffers of the system hold.
      for (let sent = 0; sent < 6_000; sent += 1) {
        world.nodeRed.send(`${name}-out`, { payload });
        if (sent % 50 === 0) await new Promise(setImmediate);
      }
      await new Promise(setImmediate);
      const after = heldBytes();
      socket.terminate();
      return after - before;
    };
    const ours = await held('ours');
    // Beside what waits, buffers that are used again and what is given to the stream.
    assert.ok(ours < LIMIT + 8_388_608, `ours held ${ours} bytes`);
    await world.nodeRed.statusOf('ours-out', /dropped/);
    const core = await held('core');
    assert.ok(core > 25_000_000, `core held ${core} bytes`);
  });

  it('D7: core takes frames of any size, knows nothing of the client, and never looks whether it is there', async () => {
    await world.deploy(
      { id: 'core', type: 'websocket-listener', path: '/core', wholemsg: 'false' },
      place('core-in', 'websocket in', { server: 'core', client: '' }, ['core-sink']),
      sink('core-sink'),
      ownListener('ours', '/plant/:line', { wholemsg: 'false', subprotocol: 'chat, v2', keepAliveMs: 200 }),
      place('ours-in', 'chartwire-websocket-in', { listener: 'ours', link: '' }, ['ours-sink']),
      sink('ours-sink'),
      ownListener('guarded', '/guarded', { callers: 'basic', users: 'anna:secret' }),
      place('guarded-in', 'chartwire-websocket-in', { listener: 'guarded', link: '' }, ['ours-sink']),
    );
    const large = Buffer.alloc(1_000_000, 'x').toString();
    const core = await world.dial('/core', {}, ['v2']);
    assert.equal(core.socket.extensions, '');
    core.socket.send(large);
    const [taken] = await world.nodeRed.receivedBy('core-sink', 1);
    assert.deepEqual(Object.keys(taken!).toSorted(), ['_msgid', '_session', 'payload']);

    const ours = await world.dial('/plant/7?unit=c', { headers: { 'x-who': 'me' } }, ['v2', 'chat']);
    assert.deepEqual([ours.socket.protocol, ours.socket.extensions], ['v2', 'permessage-deflate']);
    ours.socket.send('hello');
    const [message] = await world.nodeRed.receivedBy('ours-sink', 1);
    const client = message!['client'] as Record<string, unknown>;
    const { path, params, query, address, headers } = client;
    assert.deepEqual([path, params, query, address], ['/plant/7', { line: '7' }, { unit: 'c' }, '127.0.0.1']);
    assert.equal((headers as Record<string, string>)['x-who'], 'me');
    ours.socket.send(large);
    assert.equal(((await once(ours.socket, 'close')) as [number])[0], 1009);

    const silent = await world.dial('/plant/8', { autoPong: false });
    await once(silent.socket, 'close');
    await assert.rejects(world.dial('/guarded'), /401/);
    const authorization = `Basic ${Buffer.from('anna:secret').toString('base64')}`;
    await world.dial('/guarded', { headers: { authorization } });
  });

  it('D11 and D13: core ignores the proxy and comes back in one moment for all; ours go through it, after pauses with jitter', async () => {
    const dialled: { core: number[]; ours: number[] } = { core: [], ours: [] };
    const far = createServer();
    const accepted: WebSocket[] = [];
    new WebSocketServer({ server: far }).on('connection', (socket, request) => {
      accepted.push(socket);
      dialled[request.url === '/core' ? 'core' : 'ours'].push(performance.now());
    });
    far.listen(0, '127.0.0.1');
    await once(far, 'listening');
    const farPort = (far.address() as AddressInfo).port;
    const asked: (string | undefined)[] = [];
    const through: Socket[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, socket: Socket) => {
      asked.push(request.url);
      const onward = connect(farPort, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      });
      through.push(onward, socket);
      for (const one of [onward, socket]) one.on('error', () => undefined);
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const names = ['http_proxy', 'HTTP_PROXY', 'no_proxy', 'NO_PROXY'] as const;
    const before = names.map((name) => process.env[name]);
    for (const name of names) delete process.env[name];
    process.env['http_proxy'] = address;
    try {
      // A name, as what is on this machine is never reached through a proxy.
      await world.deploy(
        {
          id: 'core',
          type: 'websocket-client',
          path: `ws://127.0.0.1:${farPort}/core`,
          wholemsg: 'false',
          headers: [],
        },
        place('core-in', 'websocket in', { server: '', client: 'core' }, []),
        {
          id: 'ours',
          type: 'chartwire-websocket-link',
          url: 'ws://far.example/ours',
          wholemsg: 'false',
          reconnectFirstMs: 20,
          reconnectLongestMs: 40,
        },
        place('ours-in', 'chartwire-websocket-in', { listener: '', link: 'ours' }, []),
      );
      await world.nodeRed.statusOf('core-in', /connected/);
      await world.nodeRed.statusOf('ours-in', /sent/);
      // The environment names a proxy for both.
      assert.deepEqual(new Set(asked), new Set(['far.example:80']));
      while (dialled.ours.length < 6) {
        for (const socket of accepted.splice(0)) socket.terminate();
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      while (dialled.core.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
      assert.ok(dialled.core[1]! - dialled.core[0]! > 2_500, 'core waits 3 s, always');
      const pauses = dialled.ours.slice(1).map((at, index) => Math.round(at - dialled.ours[index]!));
      assert.ok(new Set(pauses).size > 1, `${pauses.join(' ')} ms`);
    } finally {
      for (const [index, name] of names.entries()) {
        if (before[index] === undefined) delete process.env[name];
        else process.env[name] = before[index];
      }
      await world.deploy();
      for (const socket of through) socket.destroy();
      for (const socket of accepted) socket.terminate();
      for (const server of [far, proxy]) {
        server.close();
        server.closeAllConnections();
      }
    }
  });
});
