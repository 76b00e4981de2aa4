import assert from 'node:assert/strict';
import { authorizeByIdentity, edgeIdOf } from '../../src/broker/acl.ts';
import type { Action } from '../../src/broker/broker.ts';

describe('The rights of an identity', () => {
  const allowed: [string | undefined, Action, string][] = [
    ['chartwire-controller', 'subscribe', '#'],
    ['chartwire-controller', 'subscribe', '$SYS/#'],
    ['chartwire-controller', 'publish', 'chartwire/fleet/7/desired'],
    ['edge-7', 'subscribe', 'chartwire/fleet/7/desired'],
    ['edge-7', 'subscribe', 'chartwire/fleet/7/cmd'],
    ['edge-7', 'publish', 'chartwire/fleet/7/reported'],
    ['edge-7', 'publish', 'chartwire/fleet/7/presence'],
    ['edge-7', 'publish', 'plant/temperature'],
    [undefined, 'subscribe', 'plant/#'],
    [undefined, 'publish', 'plant/temperature'],
    ['device-1', 'subscribe', 'a/+/chartwire'],
  ];
  const forbidden: [string | undefined, Action, string][] = [
    ['chartwire-controller', 'publish', '$SYS/x'],
    ['edge-7', 'subscribe', 'chartwire/fleet/8/desired'],
    ['edge-7', 'subscribe', 'chartwire/fleet/+/desired'],
    ['edge-7', 'subscribe', 'chartwire/fleet/7/#'],
    ['edge-7', 'subscribe', 'chartwire/fleet/7/reported'],
    ['edge-7', 'publish', 'chartwire/fleet/7/desired'],
    ['edge-7', 'publish', 'chartwire/fleet/8/reported'],
    ['edge-7', 'subscribe', '#'],
    ['edge-+', 'subscribe', 'chartwire/fleet/+/desired'],
    ['edge-#', 'subscribe', 'chartwire/fleet/#/desired'],
    ['edge-', 'subscribe', 'chartwire/fleet//desired'],
    ['edge-7/../8', 'publish', 'chartwire/fleet/7/../8/reported'],
    ...[undefined, 'device-1', 'edge', 'xchartwire-controller'].flatMap(
      (identity): [string | undefined, Action, string][] => [
        [identity, 'subscribe', '#'],
        [identity, 'subscribe', '+'],
        [identity, 'subscribe', '+/#'],
        [identity, 'subscribe', '+/fleet/+/reported'],
        [identity, 'subscribe', 'chartwire'],
        [identity, 'subscribe', 'chartwire/#'],
        [identity, 'subscribe', '$SYS/#'],
        [identity, 'subscribe', '$share/group/chartwire/#'],
        [identity, 'publish', 'chartwire/fleet/7/desired'],
        [identity, 'publish', '$SYS/x'],
      ],
    ),
  ];
  for (const [identity, action, topic] of allowed) {
    it(`lets ${identity ?? 'anybody'} ${action} ${topic}`, () =>
      assert.equal(authorizeByIdentity(identity, action, topic), true));
  }
  for (const [identity, action, topic] of forbidden) {
    it(`does not let ${identity ?? 'anybody'} ${action} ${topic}`, () =>
      assert.equal(authorizeByIdentity(identity, action, topic), false));
  }

  it('come from the id in an edge certificate, when it is a plain one', () => {
    assert.equal(edgeIdOf('edge-hall.3_a-b'), 'hall.3_a-b');
    for (const name of [undefined, 'edge-', 'edge-a/b', 'edge-+', 'Edge-7', 'edge-7\n'])
      assert.equal(edgeIdOf(name), undefined);
  });
});
