import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { WireSampler, wireKey } from '../../src/metrics/wire-sampler.ts';

describe('wire sampler', () => {
  const at = { now: 0 };
  const sampler = (settings: object = {}): WireSampler => {
    at.now = 0;
    return new WireSampler({ now: () => at.now, ...settings });
  };

  it('knows how long a message took, how large it was and whether it failed, wire by wire', () => {
    const wires = sampler();
    wires.left({ from: 'a', port: 1, targets: ['b', 'c'] }, 'm1', 100);
    wires.left({ from: 'a', port: 1, targets: ['b', 'c'] }, 'm2', 300);
    const first = wires.arrived('b', 'm1');
    at.now = 10;
    first?.(false);
    wires.arrived('b', 'm2')?.(true);
    const { ended, lossRatio, latencyP50Ms, bytes } = wires.read().get(wireKey('a', 1, 'b'))!;
    assert.deepEqual([ended, lossRatio, bytes], [2, 0.5, 200]);
    assert.equal(latencyP50Ms, 10);
    assert.equal(wires.read().get(wireKey('a', 1, 'b'))?.ended, 0, 'a reading begins a new one');
  });

  it('says when the first that it follows is on its way to a node, and when none is any more', () => {
    const wires = sampler({ lostAfterMs: 50 });
    const told: boolean[] = [];
    wires.onAwaited('b', (awaits) => told.push(awaits));
    assert.equal(wires.arrived('b', 'm1'), undefined);
    wires.left({ from: 'a', port: 0, targets: ['b'] }, 'm1', 0);
    wires.left({ from: 'a', port: 0, targets: ['b', 'c'] }, 'm2', 0);
    assert.deepEqual(told, [true]);
    assert.equal(wires.arrived('c', 'm1'), undefined);
    assert.notEqual(wires.arrived('b', 'm1'), undefined);
    assert.deepEqual(told, [true]);
    at.now = 60;
    wires.read();
    assert.deepEqual(told, [true, false]);
  });

  it('gives percentiles that are times of messages it followed', () => {
    const wires = sampler();
    for (let took = 1; took <= 10; took += 1) {
      at.now = 0;
      wires.left({ from: 'a', port: 0, targets: ['b'] }, `m${took}`, 0);
      at.now = took;
      wires.arrived('b', `m${took}`)?.(false);
    }
    const { latencyP50Ms, latencyP99Ms } = wires.read().get(wireKey('a', 0, 'b'))!;
    assert.deepEqual([latencyP50Ms, latencyP99Ms], [5, 10]);
  });

  it('counts the end of a message once', () => {
    const wires = sampler();
    wires.left({ from: 'a', port: 0, targets: ['b'] }, 'm', 0);
    const ended = wires.arrived('b', 'm');
    ended?.(true);
    ended?.(false);
    assert.equal(wires.read().get(wireKey('a', 0, 'b'))?.ended, 1);
  });

  it('takes a message that nobody took in time for lost', () => {
    const wires = sampler({ lostAfterMs: 50 });
    let awaited: boolean | undefined;
    wires.onAwaited('b', (awaits) => (awaited = awaits));
    wires.left({ from: 'a', port: 0, targets: ['b'] }, 'm', 0);
    at.now = 40;
    assert.equal(wires.read().get(wireKey('a', 0, 'b'))?.lossRatio, 0);
    at.now = 60;
    assert.equal(wires.read().get(wireKey('a', 0, 'b'))?.lossRatio, 1);
    assert.equal(awaited, false);
  });

  it('takes no message for lost that left by a direct call: it may have gone further than the wire', () => {
    const wires = sampler({ lostAfterMs: 50 });
    let awaited: boolean | undefined;
    wires.onAwaited('junction', (awaits) => (awaited = awaits));
    wires.left({ from: 'a', port: 0, targets: ['junction'], direct: true }, 'm', 0);
    at.now = 60;
    assert.equal(wires.read().get(wireKey('a', 0, 'junction'))?.lossRatio, 0);
    assert.equal(awaited, false);
  });

  it('follows no more at once than it may', () => {
    const wires = sampler({ maxFollowed: 3 });
    for (let message = 0; message < 10; message += 1)
      wires.left({ from: 'a', port: 0, targets: [`to${message}`] }, 'm', 0);
    const followed = Array.from({ length: 10 }, (_, message) => wires.arrived(`to${message}`, 'm'));
    assert.equal(followed.filter((ended) => ended !== undefined).length, 3);
    wires.left({ from: 'a', port: 0, targets: ['b'] }, 'more', 0);
    assert.notEqual(wires.arrived('b', 'more'), undefined, 'those that were taken make room');
  });
});
