import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { FrameChain } from '../../../src/endpoints/websocket/frame-chain.ts';

const frames = Array.from({ length: 4 }, (_, index) => Buffer.alloc(index + 1, index + 65));

describe('a chain of frames', () => {
  it('is for each who built one what he put in, in order, however many build theirs at the same time', () => {
    const steps = fc.array(fc.record({ who: fc.nat({ max: 3 }), frame: fc.nat({ max: 3 }), isEnd: fc.boolean() }));
    fc.assert(
      fc.property(steps, (all) => {
        const chains = new Map<number, { chain: FrameChain; texts: string[] }>();
        for (const { who, frame, isEnd } of all) {
          const bytes = frames[frame]!;
          const before = chains.get(who);
          const chain = before?.chain.with(bytes) ?? FrameChain.begin(bytes);
          const texts = [...(before?.texts ?? []), bytes.toString()];
          assert.equal(chain.bytes, texts.join('').length);
          chains.set(who, { chain, texts });
          if (!isEnd) continue;
          assert.equal(chain.join().toString(), texts.join(''));
          chains.delete(who);
        }
        for (const { chain, texts } of chains.values()) assert.equal(chain.join().toString(), texts.join(''));
      }),
    );
  });

  it('is joined once for all who have the same', () => {
    const [one, other] = [FrameChain.begin(frames[0]!), FrameChain.begin(frames[0]!)];
    const [longer, same] = [one.with(frames[1]!), other.with(frames[1]!)];
    assert.equal(longer.join(), same.join());
    assert.equal(one.join(), frames[0]);
    assert.notEqual(longer.join(), one.with(frames[2]!).join());
  });
});
