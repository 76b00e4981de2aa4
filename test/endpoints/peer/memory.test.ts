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
/** What each flood holds: a hundred times of what a peer may make us hold with these limits. */
const FLOOD_BYTES = 512 * MIB;
/** What the process may grow by: that, what lies in sockets, and what no collection has come to yet on a busy machine. */
const BOUND_BYTES = FLOOD_BYTES / 2;

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

  /** Writes until all of it is written, the connection is over, or nothing more gets away. Gives what was written. */
  const flood = async (frames: Buffer): Promise<number> => {
    let written = 0;
    while (written < FLOOD_BYTES && !socket.destroyed) {
      written += frames.length;
      if (!socket.write(frames) && (await isStuck())) break;
    }
    return written;
  };
  /** Whether the far side takes nothing, though it has had many turns. */
  const isStuck = async (): Promise<boolean> => {
    const state = { isDrained: false };
    const onDrain = (): void => void (state.isDrained = true);
    socket.once('drain', onDrain);
    for (let turns = 0; turns < 100 && !state.isDrained && !socket.destroyed; turns += 1) {
      await ask('facts');
      await pause(20);
    }
    socket.off('drain', onDrain);
    return !state.isDrained;
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
    // Those that may wait take too long in the end, on a busy machine before all is sent.
    assert.equal(facts.codes[0], 'QUEUE_FULL');
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
  assert.ok(grownBytes <= BOUND_BYTES, `grew by ${Math.round(grownBytes / MIB)} of ${BOUND_BYTES / MIB} MiB`);
}
