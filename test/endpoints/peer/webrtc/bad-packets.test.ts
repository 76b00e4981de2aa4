import assert from 'node:assert/strict';
import { encodeFrame } from '../../../../src/endpoint/frame.ts';
import { fillLimits } from '../../../../src/endpoint/limits.ts';
import type { Conduit, Datagrams } from '../../../../src/endpoints/peer/conduit.ts';
import { openDirect } from '../../../../src/endpoints/peer/offer.ts';
import { cutPackets } from '../../../../src/endpoints/peer/packets.ts';
import { next, textOf } from '../../../contract/world.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { withLength } from '../collecting.ts';
import { ice, openMeeting, type Meeting } from '../meeting.ts';
import '../../../support/forgotten-channels.ts';

const KIB = 1_024;
const limits = { maxPayloadBytes: 4 * KIB, maxInFlight: 2 };
const small = encodeFrame({ type: 'data', id: 0, message: { topic: 't', payload: Buffer.alloc(KIB) } });

describe('a listener survives on the data channel for packets', () => {
  let meeting: Meeting;
  beforeEach(async () => {
    meeting = await openMeeting();
  });
  afterEach(async () => await meeting[Symbol.asyncDispose]());

  /** A peer that is let in, and then sends what it likes. */
  const intrude = async (): Promise<Conduit & { readonly datagrams: Datagrams }> => {
    const post = meeting.post('link');
    await waitFor('the rendezvous', () => (post.state.name === 'up' ? true : undefined));
    const { server, client } = meeting;
    const settings = { url: 'peer://it', post, identity: client, pin: server.fingerprint, ice, limits: fillLimits({}) };
    // The library may break off, and on a busy machine all tries long: a link would wait and try again.
    const conduit = await waitFor('a direct path', () =>
      openDirect({ ...settings, replaces: '', refused: () => undefined }, AbortSignal.timeout(60_000)).catch(
        () => undefined,
      ),
    );
    conduit.stream.on('error', () => undefined).resume();
    assert.ok(conduit.datagrams !== undefined);
    return { ...conduit, datagrams: conduit.datagrams };
  };
  /** Sends it again until the other side has seen it: single packets may be lost. */
  const insist = async (send: () => void, isSeen: () => boolean): Promise<void> => {
    await waitFor('the packet', () => (isSeen() ? true : (send(), undefined)), { everyMs: 20 });
  };

  for (const [what, packet] of [
    ['one too short', Buffer.from([1])],
    ['the third piece of two', Buffer.from('0000000100020002ff', 'hex')],
    ['a piece of more than a message may have', Buffer.from('000000010000ffff00', 'hex')],
    ['a payload above the limit', cutPackets(1, bigFrame(), 60_000)[0]!],
    ['what is no frame', cutPackets(1, Buffer.from('hello, is anybody there?'), 1_100)[0]!],
    ['an acknowledgement', cutPackets(1, encodeFrame({ type: 'ack', id: 1 }), 1_100)[0]!],
    ['a topic with a wildcard', cutPackets(1, wildcardFrame(), 1_100)[0]!],
  ] as const) {
    it(`${what}: counted, told once, and the next good one is taken`, async () => {
      const told: string[] = [];
      const listener = await meeting.listen({ ...limits, onRefusal: (_source, problem) => told.push(problem) });
      const reader = listener.receive();
      const { datagrams, stream } = await intrude();
      await insist(
        () => datagrams.send(packet),
        () => listener.refused > 1,
      );
      assert.equal(told.length, 1);
      const frame = encodeFrame({ type: 'data', id: 1, message: { topic: 't', payload: Buffer.from('good') } });
      stream.write(withLength(frame));
      assert.equal(textOf(await next(reader)), 'good');
      stream.destroy();
    });
  }

  it('a flood that nobody takes: it is dropped, and what is reliable still comes', async () => {
    const listener = await meeting.listen(limits);
    const reader = listener.receive({ highWaterMark: 0 });
    const { datagrams, stream } = await intrude();
    let sent = 0;
    while (sent < 10_000) {
      if (datagrams.send(cutPackets(sent, small, 1_100)[0]!)) sent += 1;
      else await new Promise(setImmediate);
    }
    const last = encodeFrame({ type: 'data', id: 1, message: { topic: 'last', payload: Buffer.alloc(0) } });
    stream.write(withLength(last));
    let taken = 0;
    while ((await next(reader)).topic !== 'last') taken += 1;
    // As many as the limit of what nobody has taken leaves room for, and those that came while it was read.
    assert.ok(taken < sent / 2, `${taken} of ${sent}`);
    stream.destroy();
  });
});

function bigFrame(): Buffer {
  return encodeFrame({
    type: 'data',
    id: 0,
    message: { topic: 't', payload: Buffer.alloc(limits.maxPayloadBytes + 1) },
  });
}

function wildcardFrame(): Buffer {
  return encodeFrame({ type: 'data', id: 0, message: { topic: '#', payload: Buffer.alloc(0) } });
}
