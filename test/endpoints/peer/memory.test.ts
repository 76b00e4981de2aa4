import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import { encodeFrame } from '../../../src/endpoint/frame.ts';
import { waitFor } from '../../support/wait-for.ts';
import { withLength } from './collecting.ts';
import type { MemoryFacts, MemoryQuestion, MemorySettings } from './memory-process.ts';
import { selfSigned, type SelfSigned } from './self-signed.ts';

const MIB = 1_048_576;
const limits = { maxPayloadBytes: 16_384, maxInFlight: 64, maxWaiting: 64 };
/** What a peer may make us hold with these limits: messages not taken, and as much in the other direction. */
const STATED_BYTES = 2 * 64 * (16_384 + 16_384) + MIB;
/** What the process itself breathes, and what lies in sockets. */
const BREATH_BYTES = 64 * MIB;
/** What each flood holds: many times as much. */
const FLOOD_BYTES = 256 * MIB;

describe('the memory of a peer stays bounded', () => {
  let server: SelfSigned;
  let client: SelfSigned;
  let child: ChildProcess;
  let port: number;
  let socket: TLSSocket;

  before(async () => {
    [server, client] = [await selfSigned('server'), await selfSigned('client')];
  });
  beforeEach(async () => {
    const { cert, key } = server;
    const settings: MemorySettings = { cert, key, pins: [client.fingerprint], ...limits };
    child = fork(new URL('memory-process.ts', import.meta.url), {
      env: { ...process.env, MEMORY_SETTINGS: JSON.stringify(settings) },
    });
    [port] = (await once(child, 'message')) as [number];
    // A connection that is let in and then does as it likes.
    socket = connect({ host: '127.0.0.1', port, cert: client.cert, key: client.key, rejectUnauthorized: false });
    socket.on('error', () => undefined);
    await once(socket, 'data');
  });
  afterEach(async () => {
    socket.destroy();
    const exited = once(child, 'exit');
    child.disconnect();
    await exited;
  });

  const ask = async (question: MemoryQuestion): Promise<MemoryFacts> => {
    const answer = once(child, 'message');
    child.send(question);
    return ((await answer) as [MemoryFacts])[0];
  };

  /** Writes until all of it is written, or nothing more gets away. Gives what was written. */
  const flood = async (frames: Buffer): Promise<number> => {
    let written = 0;
    while (written < FLOOD_BYTES && !socket.destroyed) {
      written += frames.length;
      if (socket.write(frames)) continue;
      const drained = new AbortController();
      const { signal } = drained;
      const isStuck = await Promise.race([
        once(socket, 'drain', { signal }).then(
          () => false,
          () => true,
        ),
        pause(2_000, true, { signal }),
      ]).finally(() => drained.abort());
      if (isStuck) break;
    }
    return written;
  };

  it('while nobody takes what comes: the far side has to wait', async () => {
    socket.resume();
    const { residentBytes } = await ask('facts');
    const message = { topic: 't', payload: Buffer.alloc(10_000) };
    const frames = Array.from({ length: 100 }, (_, id) =>
      withLength(encodeFrame({ type: 'data', id: id + 1, message })),
    );
    assert.ok((await flood(Buffer.concat(frames))) < FLOOD_BYTES);
    const facts = await ask('facts');
    assert.equal(facts.connections, 1);
    assertBounded(facts.residentBytes - residentBytes);
  });

  it('while a far side reads nothing: what is sent to it fails', async () => {
    socket.pause();
    const { residentBytes } = await ask('facts');
    for (let count = 0; count < FLOOD_BYTES / limits.maxPayloadBytes; count += 100) await ask(100);
    const facts = await waitFor('the code', async () => {
      const answer = await ask('facts');
      return answer.codes.length > 0 ? answer : undefined;
    });
    assert.deepEqual(facts.codes, ['QUEUE_FULL']);
    assertBounded(facts.residentBytes - residentBytes);
  });

  for (const [what, frame] of [
    ['questions', encodeFrame({ type: 'ping', id: 7 })],
    [
      'messages that are refused',
      encodeFrame({ type: 'data', id: 7, message: { topic: '#', payload: Buffer.alloc(0) } }),
    ],
  ] as const) {
    it(`while a far side sends ${what} and reads no answer: it is sent away, counted and told`, async () => {
      socket.pause();
      const { residentBytes } = await ask('facts');
      const frames = Buffer.concat(Array.from({ length: 10_000 }, () => withLength(frame)));
      await flood(frames);
      const facts = await waitFor('the end of the connection', async () => {
        const answer = await ask('facts');
        return answer.connections === 0 ? answer : undefined;
      });
      assert.ok(facts.refused > 0);
      assert.equal(facts.told.length, 1);
      assertBounded(facts.residentBytes - residentBytes);
    });
  }
});

function assertBounded(grownBytes: number): void {
  const limitBytes = STATED_BYTES + BREATH_BYTES;
  assert.ok(grownBytes <= limitBytes, `grew by ${Math.round(grownBytes / MIB)} of ${Math.round(limitBytes / MIB)} MiB`);
}
