import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { Packed } from '../../../src/endpoints/websocket/index.ts';
import { plainWorld, RawClient, type PlainWorld } from './world.ts';

const none = new Uint8Array();
const PING = 0x89;
const sizes = [10, 100, 3_000, 20_000, 70_000];

describe('what a websocket listener sends', () => {
  let world: PlainWorld;
  let ids: string[];
  let clients: RawClient[];

  beforeEach(async () => {
    world = await plainWorld({ maxBufferedBytes: 67_108_864 });
    ids = [];
    world.listener.onPresence(({ event, client }) => event === 'connect' && ids.push(client.id));
    clients = [await RawClient.open(world.port), await RawClient.open(world.port), await RawClient.open(world.port)];
  });
  afterEach(async () => {
    for (const { socket } of clients) socket.destroy();
    await world[Symbol.asyncDispose]();
  });

  it('comes in order at each far side, whatever goes to all, to some and to one, with pings between', async () => {
    const step = fc.record({
      to: fc.constantFrom('all', 'but the first', 'the first', 'the second', 'ping', 'turn'),
      size: fc.constantFrom(...sizes),
    });
    const { listener } = world;
    const read = [0, 0, 0];
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const expected: string[][] = [[], [], []];
        for (const { to, size } of steps) {
          const text = `${number}`.padEnd(size);
          number += 1;
          const send = (audience: object, isShared: boolean, whom: readonly number[]): void => {
            void listener.publish({ topic: 't', payload: none }, audience, new Packed(text, isShared));
            for (const index of whom) expected[index]!.push(text);
          };
          if (to === 'all') send({}, true, [0, 1, 2]);
          else if (to === 'but the first') send({ except: [ids[0]!] }, true, [1, 2]);
          else if (to === 'the first') send({ id: ids[0]! }, false, [0]);
          else if (to === 'the second') send({ id: ids[1]! }, false, [1]);
          else if (to === 'turn') await new Promise(setImmediate);
          else for (const { connection } of listener.members()) connection.ping();
        }
        for (const [index, client] of clients.entries()) {
          const texts = await textsOf(client, read[index]! + expected[index]!.length);
          assert.deepEqual(texts.slice(read[index]), expected[index]);
          read[index] = texts.length;
        }
      }),
      // What a run has left over would come in the next one.
      { numRuns: 40, endOnFailure: true },
    );
  });
});

/** So many messages; pings may overtake them. */
async function textsOf(client: RawClient, count: number): Promise<string[]> {
  for (;;) {
    const texts = client.frames.filter(({ first }) => first !== PING).map(({ payload }) => payload.toString());
    if (texts.length >= count) return texts;
    await client.received(client.frames.length + 1);
  }
}
