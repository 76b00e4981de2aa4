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
    assert.ok(Math.abs(latencyP50Ms - 10) < 0.2);
    assert.equal(wires.read().get(wireKey('a', 1, 'b'))?.ended, 0, 'a reading begins a new one');
  });

  it('asks no receiver anything while it follows no message, and knows only messages it follows', () => {
    const wires = sampler();
    assert.equal(wires.waiting, 0);
    assert.equal(wires.arrived('b', 'm'), undefined);
    wires.left({ from: 'a', port: 0, targets: ['b'] }, 'm', 0);
    assert.equal(wires.waiting, 1);
    assert.equal(wires.arrived('c', 'm'), undefined);
    assert.notEqual(wires.arrived('b', 'm'), undefined);
    assert.equal(wires.waiting, 0);
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
    wires.left({ from: 'a', port: 0, targets: ['b'] }, 'm', 0);
    at.now = 40;
    assert.equal(wires.read().get(wireKey('a', 0, 'b'))?.lossRatio, 0);
    at.now = 60;
    assert.equal(wires.read().get(wireKey('a', 0, 'b'))?.lossRatio, 1);
    assert.equal(wires.waiting, 0);
  });

  it('takes no message for lost that left by a direct call: it may have gone further than the wire', () => {
    const wires = sampler({ lostAfterMs: 50 });
    wires.left({ from: 'a', port: 0, targets: ['junction'], direct: true }, 'm', 0);
    at.now = 60;
    assert.equal(wires.read().get(wireKey('a', 0, 'junction'))?.lossRatio, 0);
    assert.equal(wires.waiting, 0);
  });

  it('follows no more at once than it may', () => {
    const wires = sampler({ maxFollowed: 3 });
    for (let message = 0; message < 10; message += 1)
      wires.left({ from: 'a', port: 0, targets: ['b'] }, `m${message}`, 0);
    assert.equal(wires.waiting, 3);
  });
});
