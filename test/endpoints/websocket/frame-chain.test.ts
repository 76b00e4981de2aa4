import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { FrameChains, type FrameChain } from '../../../src/endpoints/websocket/frame-chain.ts';
import { FlushQueue } from '../../../src/wire/flush-queue.ts';

const frames = Array.from({ length: 20 }, (_, index) => Buffer.alloc(index + 1, index + 65));

describe('a chain of frames', () => {
  it('is for each who built one what he put in, in order, however many build theirs at the same time', () => {
    const steps = fc.array(
      fc.record({ who: fc.nat({ max: 3 }), frame: fc.nat({ max: 19 }), isEnd: fc.boolean(), isTurn: fc.boolean() }),
    );
    fc.assert(
      fc.property(steps, (all) => {
        const beginnings = new FrameChains(new FlushQueue('immediate'));
        const chains = new Map<number, { chain: FrameChain; texts: string[] }>();
        for (const { who, frame, isEnd, isTurn } of all) {
          const bytes = frames[frame]!;
          const before = chains.get(who);
          const chain = before?.chain.with(bytes) ?? beginnings.begin(bytes);
          const texts = [...(before?.texts ?? []), bytes.toString()];
          assert.equal(chain.bytes, texts.join('').length);
          chains.set(who, { chain, texts });
          if (isTurn) beginnings.flush();
          if (!isEnd) continue;
          assert.equal(chain.join().toString(), texts.join(''));
          chains.delete(who);
        }
        for (const { chain, texts } of chains.values()) assert.equal(chain.join().toString(), texts.join(''));
      }),
    );
  });

  it('is joined once for all who have the same', () => {
    const chains = new FrameChains(new FlushQueue('immediate'));
    const [one, other] = [chains.begin(frames[0]!), chains.begin(frames[0]!)];
    const [longer, same] = [one.with(frames[1]!), other.with(frames[1]!)];
    assert.equal(longer.join(), same.join());
    assert.equal(one.join(), frames[0]);
    assert.notEqual(longer.join(), one.with(frames[2]!).join());
  });

  it('is the same for all who begin with a frame, though others begin with another or leave meanwhile', () => {
    const chains = new FrameChains(new FlushQueue('immediate'));
    const early = chains.begin(frames[0]!);
    const one = chains.begin(frames[1]!);
    early.with(frames[1]!).join();
    chains.begin(frames[2]!);
    assert.equal(chains.begin(frames[1]!), one);
  });

  it('is not kept for the next turn', async () => {
    const queue = new FlushQueue('microtask');
    const chains = new FrameChains(queue);
    const before = chains.begin(frames[0]!);
    await Promise.resolve();
    assert.notEqual(chains.begin(frames[0]!), before);
  });
});
