import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { Message } from '../../src/broker/message.ts';
import { InnerSubscriber } from '../../src/broker/inner-subscriber.ts';
import { RetainedTree } from '../../src/broker/retained-tree.ts';
import { SubscriptionTree } from '../../src/broker/subscription-tree.ts';
import type { Subscription } from '../../src/broker/subscription.ts';
import { matches } from '../../src/broker/topic.ts';

const level = fc.constantFrom('a', 'b', '', '$x', '__proto__');
const topic = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/'));
const filter = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), { maxLength: 3 }), fc.boolean(), level)
  .map(([levels, all, last]) => [...levels, all ? '#' : last].join('/'));
const noBytes = Buffer.alloc(0);
const message = (name: string): Message => new Message(name, Buffer.from('x'), 0, true, noBytes, 0, 'test');
const subscriptionTo = (name: string, group?: string): Subscription => ({
  owner: new InnerSubscriber(name, () => undefined),
  name,
  filter: name,
  group,
  qos: 0,
  noLocal: false,
  retainAsPublished: false,
  id: 0,
});

describe('The subscription tree', () => {
  it('finds exactly the filters that match, through any order of adding and removing', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(filter, fc.boolean(), fc.boolean())), topic, (steps, asked) => {
        const tree = new SubscriptionTree();
        const held = new Set<Subscription>();
        for (const [name, shared, removes] of steps) {
          const [first] = held;
          if (removes && first !== undefined) {
            tree.remove(first);
            held.delete(first);
          } else {
            const subscription = subscriptionTo(name, shared ? 'g' : undefined);
            tree.add(subscription);
            held.add(subscription);
          }
        }
        const { subscriptions, groups } = tree.match(asked);
        const found = new Set([...subscriptions, ...groups.flatMap(({ members }) => members)]);
        const expected = [...held].filter((subscription) => matches(subscription.filter, asked));
        assert.deepEqual(found, new Set(expected));
        assert.equal(tree.count, held.size);
      }),
    );
  });

  it('counts a version for each change, and none for removing what is not there', () => {
    const tree = new SubscriptionTree();
    const one = subscriptionTo('a/+');
    tree.add(one);
    tree.remove(subscriptionTo('a/+'));
    tree.remove(subscriptionTo('b'));
    assert.deepEqual([tree.version, tree.count], [1, 1]);
    tree.remove(one);
    assert.deepEqual([tree.version, tree.count, tree.match('a/b')], [2, 0, { subscriptions: [], groups: [] }]);
  });
});

describe('The retained tree', () => {
  it('holds one message for a topic and finds exactly those of a filter', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(topic, fc.boolean())), filter, (steps, asked) => {
        const tree = new RetainedTree();
        const held = new Map<string, Message>();
        for (const [name, removes] of steps) {
          if (removes) assert.equal(tree.delete(name), held.delete(name));
          else {
            const retained = message(name);
            tree.set(retained);
            held.set(name, retained);
          }
        }
        for (const [name] of steps) assert.equal(tree.get(name), held.get(name));
        const found = [...tree.match(asked)].map(({ topic: name }) => name).sort();
        assert.deepEqual(found, [...held.keys()].filter((name) => matches(asked, name)).sort());
        assert.equal(tree.count, held.size);
        assert.equal(
          tree.bytes,
          [...held.values()].reduce((sum, { bytes }) => sum + bytes, 0),
        );
      }),
    );
  });
});
