import assert from 'node:assert/strict';
import { Packed, type Audience, type Presence } from '../../../src/endpoints/websocket/index.ts';
import { byToken } from '../../../src/http/bearer.ts';
import { plainWorld, RawClient, type PlainWorld } from './world.ts';

const none = new Uint8Array();
const guard = byToken({
  keys: '',
  issuer: '',
  audience: '',
  tokens: new Map([
    ['anna', 'a'],
    ['berta', 'b'],
  ]),
  clockToleranceSeconds: 0,
});

describe('the far sides of a websocket listener', () => {
  let world: PlainWorld;
  let events: Presence[];
  const ids: string[] = [];
  const clients: RawClient[] = [];

  beforeEach(async () => {
    world = await plainWorld({ guard });
    events = [];
    world.listener.onPresence((event) => events.push(event));
    // Two connections of Anna, and one of Berta.
    for (const token of ['a', 'a', 'b']) {
      clients.push(await RawClient.open(world.port, { authorization: `Bearer ${token}` }, '/live?unit=c'));
    }
    ids.push(...events.map(({ client }) => client.id));
  });
  afterEach(async () => {
    for (const { socket } of clients.splice(0)) socket.destroy();
    ids.length = 0;
    await world[Symbol.asyncDispose]();
  });

  /** Which of the three get it. */
  async function reached(audience: Audience): Promise<boolean[]> {
    const before = clients.map(({ frames }) => frames.length);
    void world.listener.publish({ topic: 't', payload: none }, audience, new Packed('for some', true));
    void world.listener.publish({ topic: 't', payload: none }, {}, new Packed('for all', true));
    return Promise.all(
      clients.map(async (client, index) => {
        const from = before[index]!;
        const [first] = (await client.received(from + 1)).slice(from);
        const isFor = first?.payload.toString() === 'for some';
        if (isFor) await client.received(from + 2);
        return isFor;
      }),
    );
  }

  it('are reached one by one, by identity, and all but some', async () => {
    assert.deepEqual(await reached({ id: ids[1]! }), [false, true, false]);
    assert.deepEqual(await reached({ identities: ['anna'] }), [true, true, false]);
    assert.deepEqual(await reached({ identities: ['anna', 'berta'], except: [ids[0]!] }), [false, true, true]);
    assert.deepEqual(await reached({ except: [ids[1]!] }), [true, false, true]);
    assert.deepEqual(await reached({ identities: ['nobody'] }), [false, false, false]);
    assert.throws(() => world.listener.publish({ topic: 't', payload: none }, { id: 'gone' }, new Packed('', false)), {
      code: 'FAR_SIDE_GONE',
    });
  });

  it('are in rooms, and out of them when they leave or go', async () => {
    const { listener } = world;
    listener.join({ id: ids[0]! }, 'one');
    listener.join({ identities: ['berta'] }, 'one');
    listener.join({ identities: ['anna'] }, 'two');
    listener.join({ id: ids[0]! }, 'one');
    assert.deepEqual(await reached({ rooms: ['one'] }), [true, false, true]);
    assert.deepEqual(await reached({ rooms: ['one', 'two'] }), [true, true, true]);
    assert.deepEqual(await reached({ rooms: ['one'], identities: ['anna'] }), [true, false, false]);
    listener.leave({ id: ids[0]! });
    assert.deepEqual(await reached({ rooms: ['one', 'two'] }), [false, true, true]);
    listener.leave({}, 'two');
    assert.deepEqual([await reached({ rooms: ['two'] }), listener.rooms], [[false, false, false], 1]);
    clients[2]!.socket.destroy();
    while (listener.rooms > 0) await new Promise(setImmediate);
  });

  it('are told of as they come, join, leave and go, with who they are', async () => {
    const { listener } = world;
    const { identity, path, query, address, httpVersion, headers } = events[2]!.client;
    assert.deepEqual(
      [identity, path, query, address, httpVersion],
      ['berta', '/live', { unit: 'c' }, '127.0.0.1', '1.1'],
    );
    assert.equal(headers.authorization, undefined);
    listener.join({ id: ids[2]! }, 'one');
    listener.leave({ id: ids[2]! }, 'one');
    clients[0]!.send(0x88, Buffer.from([0x0f, 0xa1, 0x62, 0x79, 0x65]));
    clients[1]!.socket.resetAndDestroy();
    while (events.length < 8) await new Promise(setImmediate);
    assert.equal(listener.disconnect({ identities: ['berta'] }, 4000, 'enough'), 1);
    assert.equal(await clients[2]!.closeCode(), 4000);
    while (events.length < 9) await new Promise(setImmediate);
    const told = events.slice(3).map(({ event, client, code, reason, room, count }) => {
      return [event, client.id, ...(code === undefined ? [room] : [code, reason]), count];
    });
    assert.deepEqual(told.slice(0, 2), [
      ['join', ids[2], 'one', 1],
      ['leave', ids[2], 'one', 0],
    ]);
    // Two went at once.
    assert.deepEqual(
      new Set(told.slice(2, 5).map((one) => one.slice(0, 4).join(' '))),
      new Set([`disconnect ${ids[0]} 4001 bye`, `disconnect ${ids[1]} 1006 `, `error ${ids[1]} 1006 `]),
    );
  });
});
