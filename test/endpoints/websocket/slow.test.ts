import assert from 'node:assert/strict';
import { Packed, type Overflow } from '../../../src/endpoints/websocket/index.ts';
import { plainWorld, RawClient, type PlainWorld } from './world.ts';

const LIMIT = 262_144;
const MESSAGE = 10_000;
const none = new Uint8Array();

describe('a far side that reads slowly', () => {
  let world: PlainWorld | undefined;
  afterEach(async () => {
    await world?.[Symbol.asyncDispose]();
    world = undefined;
  });

  /** Broadcasts numbered messages while one client does not read, until the first has been dropped, and 100 more. */
  async function flood(overflow: Overflow): Promise<{ slow: RawClient; honest: RawClient; sent: number }> {
    world = await plainWorld({ overflow, maxBufferedBytes: LIMIT, keepAliveMs: 0 });
    const { listener, port } = world;
    const slow = await RawClient.open(port);
    const honest = await RawClient.open(port);
    slow.socket.pause();
    const [id] = await new Promise<string[]>((resolve) => {
      const stop = listener.onMessage(({ client }) => {
        stop();
        resolve([client.info.id]);
      });
      honest.send(0x81, 'who am I?');
    });
    let sent = 0;
    for (let more = 0; more < 100; more += listener.dropped > 0 ? 1 : 0) {
      void listener.publish({ topic: 't', payload: none }, {}, new Packed(`${sent}`.padEnd(MESSAGE), true));
      sent += 1;
      if (sent % 16 === 0) await honest.received(sent);
      for (const { connection, info } of listener.members()) {
        // What has been given to the stream already, a part of 64 KiB, is beside the limit.
        if (info.id !== id) assert.ok(connection.bufferedBytes <= LIMIT + 2 * 65_536, `${connection.bufferedBytes}`);
      }
    }
    await honest.received(sent);
    return { slow, honest, sent };
  }
  const numbers = (client: RawClient): number[] =>
    client.frames.filter(({ first }) => first === 0x81).map(({ payload }) => Number(payload.toString()));

  it('loses its oldest messages when that is wanted, and nobody else loses any', async () => {
    const { slow, honest, sent } = await flood('dropOldest');
    slow.socket.resume();
    while (numbers(slow).at(-1) !== sent - 1) await slow.received(slow.frames.length + 1);
    const got = numbers(slow);
    assert.equal(got.length, sent - world!.listener.dropped);
    assert.deepEqual(
      got,
      got.toSorted((left, right) => left - right),
    );
    assert.deepEqual(
      numbers(honest),
      Array.from({ length: sent }, (_, index) => index),
    );
  });

  it('loses the newest when that is wanted', async () => {
    const { slow, sent } = await flood('dropNewest');
    const { listener } = world!;
    const kept = sent - listener.dropped;
    slow.socket.resume();
    await slow.received(kept);
    assert.deepEqual(
      numbers(slow),
      Array.from({ length: kept }, (_, index) => index),
    );
  });

  it('is disconnected when that is wanted, told once, and the others get all', async () => {
    const { slow, honest, sent } = await flood('disconnect');
    assert.equal(numbers(honest).length, sent);
    assert.deepEqual(world!.told, ['127.0.0.1: takes less than it is sent']);
    while (world!.listener.connections > 1) await new Promise(setImmediate);
    // A socket nobody reads would not even learn that it is closed, and would keep this process alive.
    slow.socket.resume();
    await slow.ended();
  });

  it('makes an answer to it wait, and fail when it is dropped', async () => {
    world = await plainWorld({ overflow: 'dropNewest', maxBufferedBytes: LIMIT, keepAliveMs: 0 });
    const { listener, port } = world;
    const came = new Promise<string>((resolve) => listener.onPresence(({ client }) => resolve(client.id)));
    const slow = await RawClient.open(port);
    slow.socket.pause();
    const id = await came;
    const waiting: Promise<void>[] = [];
    const refusals: unknown[] = [];
    while (refusals.length === 0) {
      const later = listener.publish({ topic: 't', payload: none }, { id }, new Packed('x'.repeat(MESSAGE), false));
      later?.catch((error: unknown) => refusals.push(error));
      if (later !== undefined) waiting.push(later);
      await new Promise(setImmediate);
    }
    const [refusal] = refusals;
    assert.ok(refusal instanceof Error && 'code' in refusal && refusal.code === 'FAR_SIDE_SLOW');
    slow.socket.resume();
    const settled = await Promise.allSettled(waiting);
    assert.ok(settled.some(({ status }) => status === 'fulfilled'));
  });
});
