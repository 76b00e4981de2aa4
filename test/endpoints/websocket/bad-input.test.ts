import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { constants, deflateRawSync } from 'node:zlib';
import { Packed, type WebSocketListenSettings } from '../../../src/endpoints/websocket/index.ts';
import { byToken } from '../../../src/http/bearer.ts';
import { byPassword } from '../../../src/http/guard.ts';
import { plainWorld, rawFrame, RawClient, type PlainWorld } from './world.ts';

const bomb = deflateRawSync(Buffer.alloc(50_000_000), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
const tokens = new Map([['pump', 'secret-token']]);
const byBearer = byToken({ keys: '', issuer: '', audience: '', tokens, clockToleranceSeconds: 0 });

describe('bad input to a websocket listener', () => {
  let world: PlainWorld | undefined;
  afterEach(async () => {
    await world?.[Symbol.asyncDispose]();
    world = undefined;
  });
  const open = async (settings: Partial<WebSocketListenSettings> = {}): Promise<PlainWorld> => {
    world = await plainWorld(settings);
    world.listener.onMessage(({ client, payload, isText }) => {
      client.connection.send(new Packed(Buffer.from(payload), false, isText));
    });
    return world;
  };

  const attacks: Record<string, [number, (client: RawClient) => void]> = {
    'text that is no UTF-8': [1007, (client) => client.send(0x81, Buffer.from([0xff]))],
    'frames without a mask': [1002, (client) => client.socket.write(Buffer.from([0x81, 1, 65]))],
    'control frames in fragments': [1002, (client) => client.send(0x09, 'x')],
    'reserved bits': [1002, (client) => client.send(0xb1, 'x')],
    'reserved opcodes': [1002, (client) => client.send(0x87, 'x')],
    'a frame that says it is enormous': [
      1009,
      (client) => client.socket.write(Buffer.from('82ff7fffffffffffffff00000000', 'hex')),
    ],
    'a message above the limit': [1009, (client) => client.send(0x82, Buffer.alloc(300_000))],
    'fragments without end': [
      1009,
      (client) => {
        client.send(0x02, Buffer.alloc(60_000));
        for (let time = 0; time < 10; time += 1) client.send(0x00, Buffer.alloc(60_000));
      },
    ],
    'empty fragments without end': [
      1008,
      (client) => {
        client.send(0x02, 'x');
        client.socket.write(Buffer.concat(Array.from({ length: 2_000 }, () => rawFrame(0x00, ''))));
      },
    ],
    'a zip bomb': [1009, (client) => client.send(0xc2, bomb)],
    'what cannot be decompressed': [1007, (client) => client.send(0xc2, Buffer.from([0xff, 0xff, 0xff]))],
    'a flood of pings': [
      1008,
      (client) => client.socket.write(Buffer.concat(Array.from({ length: 500 }, () => rawFrame(0x89, 'ping')))),
    ],
  };
  for (const [what, [code, attack]] of Object.entries(attacks)) {
    it(`${what} ends the connection with ${code}, is counted and told once, and harms nobody else`, async () => {
      const { port, listener, told } = await open();
      const other = await RawClient.open(port);
      for (let time = 0; time < 2; time += 1) {
        const client = await RawClient.open(port, { 'sec-websocket-extensions': 'permessage-deflate' });
        attack(client);
        assert.equal(await client.closeCode(), code);
      }
      other.send(0x81, 'still here');
      assert.equal((await other.received(1))[0]?.payload.toString(), 'still here');
      assert.deepEqual([...listener.refused.values()], [2]);
      assert.equal(told.length, 1);
      assert.match(told[0]!, new RegExp(`127.0.0.1: closed with ${code}`));
      other.socket.destroy();
    });
  }

  const refused: Record<string, [RegExp, Record<string, string>, Partial<WebSocketListenSettings>]> = {
    'another version': [/^HTTP\/1.1 426 [^]*sec-websocket-version: 13/, { 'sec-websocket-version': '8' }, {}],
    'a key that is none': [/^HTTP\/1.1 400 /, { 'sec-websocket-key': 'short' }, {}],
    'a list of sub-protocols that is none': [/^HTTP\/1.1 400 /, { 'sec-websocket-protocol': 'a, a' }, {}],
    'a page of another origin': [/^HTTP\/1.1 403 /, { origin: 'https://evil.example' }, {}],
    'no password': [
      /^HTTP\/1.1 401 [^]*www-authenticate: Basic/,
      {},
      { guard: byPassword(new Map([['a', 'b']]), 'r') },
    ],
    'a wrong token': [
      /^HTTP\/1.1 401 [^]*www-authenticate: Bearer/,
      { authorization: 'Bearer wrong' },
      { guard: byBearer },
    ],
    'a wrong token as sub-protocol': [
      /^HTTP\/1.1 401 /,
      { 'sec-websocket-protocol': 'bearer.wrong, chat' },
      { guard: byBearer },
    ],
  };
  for (const [what, [answer, headers, settings]] of Object.entries(refused)) {
    it(`an upgrade with ${what} is refused, counted and told once`, async () => {
      const { port, listener, told } = await open(settings);
      for (let time = 0; time < 2; time += 1) {
        const client = await RawClient.open(port, headers);
        assert.match(client.answer, answer);
        client.socket.destroy();
      }
      assert.deepEqual([[...listener.refused.values()], told.length, listener.connections], [[2], 1, 0]);
    });
  }

  it('lets in who proves it: by password, by token, and by a token as sub-protocol', async () => {
    const basic = await open({ guard: byPassword(new Map([['anna', 'p:w']]), 'r') });
    await RawClient.open(basic.port, { authorization: `Basic ${Buffer.from('anna:p:w').toString('base64')}` });
    assert.equal(basic.listener.connections, 1);
    await basic[Symbol.asyncDispose]();
    const { port, listener } = await open({ guard: byBearer, subprotocols: ['chat'] });
    const seen: (string | undefined)[] = [];
    listener.onPresence(({ client }) => seen.push(client.identity, client.headers['sec-websocket-protocol']));
    await RawClient.open(port, { authorization: 'Bearer secret-token' });
    const client = await RawClient.open(port, { 'sec-websocket-protocol': 'bearer.secret-token, chat' });
    assert.match(client.answer, /sec-websocket-protocol: chat\r\n/);
    assert.deepEqual(seen, ['pump', undefined, 'pump', ' chat']);
  });

  it('lets in pages of the origins that are named', async () => {
    const { port, listener } = await open({ origins: ['https://app.example'] });
    await RawClient.open(port, { origin: 'https://app.example' });
    assert.equal(listener.connections, 1);
  });

  it('refuses connections above the limit with 503', async () => {
    const { port } = await open({ maxClients: 2 });
    const clients = [await RawClient.open(port), await RawClient.open(port), await RawClient.open(port)];
    assert.deepEqual(
      clients.map(({ answer }) => answer.slice(9, 12)),
      ['101', '101', '503'],
    );
  });

  it('refuses with 503 while nobody can tell who asks, counts it, and tells once why', async () => {
    const { port, listener, told } = await open({
      guard: { schemes: ['bearer'], challenges: [], check: () => Promise.reject(new Error('no keys to be had')) },
    });
    for (let time = 0; time < 3; time += 1) {
      const client = await RawClient.open(port);
      assert.match(client.answer, /^HTTP\/1.1 503 /);
      client.socket.destroy();
    }
    assert.deepEqual([...listener.refused], [['REQUEST_FAILED', 3]]);
    assert.equal(told.length, 1);
    assert.match(told[0]!, /^127.0.0.1: .*no keys to be had/);
  });

  it('outlives a client that goes while its token is checked', async () => {
    const checks: (() => void)[] = [];
    const { port, listener } = await open({
      guard: {
        schemes: ['bearer'],
        challenges: [],
        check: () => new Promise((resolve) => checks.push(() => resolve({ identity: 'anna' }))),
      },
    });
    const socket = connect(port, '127.0.0.1');
    const key = Buffer.alloc(16).toString('base64');
    socket.write(
      `GET /live HTTP/1.1\r\nhost: here\r\nupgrade: websocket\r\nconnection: upgrade\r\n` +
        `sec-websocket-version: 13\r\nsec-websocket-key: ${key}\r\n\r\n`,
    );
    while (checks.length === 0) await new Promise(setImmediate);
    socket.resetAndDestroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    checks[0]!();
    const next = RawClient.open(port);
    while (checks.length < 2) await new Promise(setImmediate);
    checks[1]!();
    await next;
    assert.equal(listener.connections, 1);
  });
});
