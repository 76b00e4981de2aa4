import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as fc from 'fast-check';
import { choose, type Choice } from '../../src/choose/choose.ts';
import { createPolicy } from '../../src/choose/policy.ts';
import { makeDevices } from '../../src/devices/make-devices.ts';
import type { LinkState } from '../../src/endpoint/link-state.ts';
import { branch, device, threeBranches, unmeasured } from './branches.ts';

const policy = createPolicy();
const sensor = device({ link: { quality: 'poor' }, latencyNeedMs: 10_000, powerSource: 'battery' });
const meter = device({ latencyNeedMs: 2_000 });
const machine = device({ latencyNeedMs: 20, wantsPush: true });
const down = { state: 'waiting', cause: 'connect ECONNREFUSED 127.0.0.1:8443' } as const;

describe('choose', () => {
  const cases = [
    ['a battery sensor on a poor link, nothing measured', sensor, undefined, 'MQTT'],
    ['a meter that only reports, nothing measured', meter, undefined, 'HTTP'],
    ['a machine that takes orders at once, nothing measured', machine, undefined, 'WebSocket'],
    ['the sensor, all branches alike', sensor, {}, 'MQTT'],
    ['the meter, all branches alike', meter, {}, 'HTTP'],
    ['the machine, all branches alike', machine, {}, 'MQTT'],
  ] as const;
  for (const [what, profile, figures, expected] of cases) {
    it(`gives ${expected} to ${what}`, () => {
      const branches = threeBranches(figures);
      assert.equal(labelOf(choose(profile, branches, policy), branches), expected);
    });
  }

  it('shows each branch as the right one for some of three simulated devices, measured or not', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(undefined, {}), (seed, figures) => {
        const branches = threeBranches(figures);
        const chosen = makeDevices({ count: 3, seed }).map((one) => labelOf(choose(one, branches, policy), branches));
        assert.deepEqual(chosen, ['MQTT', 'HTTP', 'WebSocket']);
      }),
    );
  });

  const reasons: readonly [string, Choice, string][] = [
    [
      'the latency measured against the need',
      choose(machine, [branch('websocket', { latencyP99Ms: 1.2 }), branch('mqtt', { latencyP99Ms: 15 })], policy),
      'WebSocket: needs 20 ms, measured 1.2 ms',
    ],
    [
      'the latency expected when none was measured',
      choose(machine, [branch('websocket', unmeasured), branch('mqtt', unmeasured)], policy),
      'WebSocket: needs 20 ms, expected 4 ms',
    ],
    [
      'failures of the other branch',
      choose(meter, [branch('mqtt'), branch('http2', { recent: { sent: 100, failed: 5 } })], policy),
      'MQTT: 0 % fail, HTTP 5 %',
    ],
    ['the link', choose(sensor, threeBranches(), policy), 'MQTT: copes best with the poor link'],
    ['the lack of a session', choose(meter, threeBranches({}), policy), 'HTTP: a report needs no session'],
    [
      'the policy',
      choose(meter, threeBranches({}), createPolicy({ websocketBias: 0.3 })),
      'WebSocket: preferred by the policy',
    ],
    [
      'the only branch there is',
      choose(device({ protocols: ['mqtt'] }), threeBranches({}), policy),
      'MQTT: the only one it can use',
    ],
    [
      'a better branch that is down',
      choose(meter, [branch('mqtt'), branch('http2', down)], policy),
      'HTTP down (connection refused), using MQTT',
    ],
    [
      'a better branch that is just back',
      choose(meter, threeBranches({}), policy, { justBack: new Set(['HTTP']) }),
      'HTTP just back, still using MQTT',
    ],
    [
      'a change that was just made',
      choose(meter, threeBranches({}), policy, { current: 'WebSocket', held: true }),
      'WebSocket: changed just now, stays for a while',
    ],
  ];
  for (const [what, choice, reason] of reasons) {
    it(`names ${what}`, () => assert.equal(choice.reason, reason));
  }

  it('stays while another branch is hardly better, and goes when it is clearly better', () => {
    const branches = [branch('websocket', { latencyP99Ms: 4 }), branch('mqtt', { latencyP99Ms: 2 })];
    const stays = choose(machine, branches, policy, { current: 'WebSocket' });
    assert.match(stays.reason, /^WebSocket: stays, MQTT only [\d.]+ % better$/);
    branches[0] = branch('websocket', { latencyP99Ms: 30 });
    assert.equal(labelOf(choose(machine, branches, policy, { current: 'WebSocket' }), branches), 'MQTT');
  });

  it('leaves a branch that is down at once, even one it had just changed to', () => {
    const branches = [branch('mqtt'), branch('http2', down)];
    assert.equal(labelOf(choose(meter, branches, policy, { current: 'HTTP', held: true }), branches), 'MQTT');
  });

  it('uses a branch that is just back when there is nothing else', () => {
    const branches = [branch('mqtt', down), branch('http2')];
    assert.equal(labelOf(choose(sensor, branches, policy, { justBack: new Set(['HTTP']) }), branches), 'HTTP');
  });

  it('uses a branch that is connecting when there is nothing else, so that a start loses nothing', () => {
    const connecting = { state: 'connecting' } as const;
    const choice = choose(sensor, [branch('mqtt', connecting), branch('http2', down)], policy);
    assert.equal(choice.index, 0);
    const other = choose(meter, [branch('mqtt'), branch('http2', connecting)], policy);
    assert.equal(other.reason, 'HTTP is connecting, using MQTT');
  });

  it('chooses nothing, and says why, when every branch is down or none is spoken', () => {
    const allDown = choose(meter, threeBranches(down), policy);
    assert.deepEqual([allDown.index, allDown.reason], [undefined, 'MQTT, HTTP, WebSocket down']);
    const onlyDown = choose(device({ protocols: ['http2'] }), threeBranches(down), policy);
    assert.deepEqual([onlyDown.index, onlyDown.reason], [undefined, 'HTTP down (connection refused)']);
    const unspoken = choose(device({ protocols: ['peer'] }), threeBranches(), policy);
    assert.deepEqual([unspoken.index, unspoken.reason], [undefined, 'no branch for peer']);
    assert.equal(choose(meter, [], policy).index, undefined);
  });

  it('never chooses a branch that is down or not spoken while there is another, and keeps its reason short', () => {
    const states = fc.constantFrom<LinkState['name']>('up', 'waiting', 'connecting', 'closed');
    const figures = fc.record({
      state: states,
      cause: fc.string(),
      received: fc.nat(100),
      latencyP99Ms: fc.double({ min: 0, max: 1e6, noNaN: true }),
      recent: fc.record({ sent: fc.nat(100), failed: fc.nat(100) }),
    });
    const world = fc.record({
      figures: fc.tuple(figures, figures, figures),
      seed: fc.nat(),
      current: fc.constantFrom('MQTT', 'HTTP', 'WebSocket', 'gone'),
      held: fc.boolean(),
      label: fc.string({ maxLength: 80 }),
    });
    fc.assert(
      fc.property(world, ({ figures, seed, current, held, label }) => {
        const [one] = makeDevices({ count: 1, seed });
        assert.ok(one !== undefined);
        const [first, second, third] = figures;
        const branches = [branch('mqtt', first), branch('http2', second), { ...branch('websocket', third), label }];
        const choice = choose(one, branches, policy, { current, held });
        assert.ok(choice.reason.length > 0 && choice.reason.length <= 60, choice.reason);
        const inState = (state: string) =>
          branches.filter(({ protocol, reading }) => one.protocols.includes(protocol) && reading?.state === state);
        const open = inState('up').length > 0 ? inState('up') : inState('connecting');
        const chosen = choice.index === undefined ? undefined : branches[choice.index];
        if (open.length === 0) assert.equal(chosen, undefined);
        else assert.ok(chosen !== undefined && open.includes(chosen));
        for (const { score } of choice.scores) assert.ok(score >= 0 && score <= 1 + 1e-9, `score ${score}`);
      }),
    );
  });

  it('never likes a branch less for being faster', () => {
    const need = fc.integer({ min: 1, max: 10_000 });
    const latency = fc.double({ min: 0.001, max: 20_000, noNaN: true });
    fc.assert(
      fc.property(need, latency, latency, (latencyNeedMs, one, other) => {
        const scoreOf = (latencyP99Ms: number) =>
          choose(device({ latencyNeedMs }), [branch('mqtt', { latencyP99Ms })], policy).scores[0]?.score ?? 0;
        assert.ok(scoreOf(Math.min(one, other)) >= scoreOf(Math.max(one, other)));
      }),
    );
  });
});

function labelOf({ index }: Choice, branches: readonly { label: string }[]): string | undefined {
  return index === undefined ? undefined : branches[index]?.label;
}
