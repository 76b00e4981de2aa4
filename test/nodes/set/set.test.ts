import assert from 'node:assert/strict';
import {
  catching,
  errorText,
  recorder,
  startNodeRed,
  tab,
  type StoredNode,
  type TestNodeRed,
} from '../../support/node-red.ts';
import type { FlowMessage } from '../../../nodes/adapter/message.ts';

type Rule = Readonly<Record<string, unknown>>;
const z = tab.id;
const rule = (part: Rule): Rule => ({ t: 'set', pt: 'msg', p: 'payload', tot: 'str', to: '', ...part });

/** Each is done by the core node change and by ours; both must give the same. */
const same: readonly (readonly [string, readonly Rule[], FlowMessage])[] = [
  ['sets text', [rule({ to: 'x' })], { payload: 1 }],
  ['sets a number', [rule({ tot: 'num', to: '1.5' })], {}],
  ['sets true', [rule({ tot: 'bool', to: 'true' })], {}],
  ['sets JSON', [rule({ tot: 'json', to: '{"a":[1]}' })], {}],
  ['sets bytes', [rule({ tot: 'bin', to: '[1,2]' })], {}],
  ['sets a property of the message', [rule({ tot: 'msg', to: 'topic' })], { topic: { a: 1 } }],
  [
    'sets a copy',
    [rule({ tot: 'msg', to: 'topic', dc: true }), rule({ p: 'topic.a', to: 'y' })],
    { topic: { a: 'x' } },
  ],
  [
    'sets itself without a copy',
    [rule({ tot: 'msg', to: 'topic' }), rule({ p: 'topic.a', to: 'y' })],
    { topic: { a: 'x' } },
  ],
  ['takes away what is set to nothing', [rule({ tot: 'msg', to: 'none' })], { payload: 1 }],
  ['leaves what is set to a place that is not there', [rule({ tot: 'msg', to: 'none.a' })], { payload: 1 }],
  ['makes the way to a property', [rule({ p: 'a.b[1].c', to: 'x' })], {}],
  ['sets nothing within text', [rule({ p: 'payload.a', to: 'x' })], { payload: 'text' }],
  ['takes a name from the message', [rule({ p: 'payload[msg.topic]', to: 'x' })], { payload: {}, topic: 'name' }],
  ['reads the environment', [rule({ tot: 'env', to: 'CHARTWIRE_SET_TEST' })], {}],
  ['evaluates JSONata', [rule({ tot: 'jsonata', to: 'payload * 2' })], { payload: 21 }],
  ['reads the flow it has written', [rule({ pt: 'flow', p: 'a', to: 'x' }), rule({ tot: 'flow', to: 'a' })], {}],
  [
    'reads the global it has written',
    [rule({ pt: 'global', p: 'a.b', to: 'x' }), rule({ tot: 'global', to: 'a' })],
    {},
  ],
  ['replaces text', [rule({ t: 'change', from: 'a.', fromt: 'str', to: 'b' })], { payload: 'a.a.ax' }],
  ['replaces a pattern', [rule({ t: 'change', from: '(\\d+)', fromt: 're', to: '<$1>' })], { payload: 'a1b22' }],
  [
    'replaces whole text by a number',
    [rule({ t: 'change', from: 'on', fromt: 'str', to: '1', tot: 'num' })],
    { payload: 'on' },
  ],
  [
    'replaces a part by a number',
    [rule({ t: 'change', from: 'on', fromt: 'str', to: '1', tot: 'num' })],
    { payload: 'on!' },
  ],
  ['replaces a number', [rule({ t: 'change', from: '5', fromt: 'num', to: 'five' })], { payload: 5 }],
  ['leaves another number', [rule({ t: 'change', from: '5', fromt: 'num', to: 'five' })], { payload: 6 }],
  ['replaces true', [rule({ t: 'change', from: 'true', fromt: 'bool', to: 'yes' })], { payload: true }],
  [
    'turns text into true',
    [rule({ t: 'change', from: 'on', fromt: 're', to: 'true', tot: 'bool' })],
    { payload: 'on' },
  ],
  [
    'replaces what a property says',
    [rule({ t: 'change', from: 'topic', fromt: 'msg', to: 'y' })],
    { payload: 'axa', topic: 'x' },
  ],
  ['leaves objects', [rule({ t: 'change', from: 'a', fromt: 'str', to: 'b' })], { payload: { a: 'a' } }],
  ['deletes', [rule({ t: 'delete', p: 'payload.a' })], { payload: { a: 1, b: 2 } }],
  ['deletes from a list', [rule({ t: 'delete', p: 'payload[0]' })], { payload: [1, 2] }],
  ['moves', [rule({ t: 'move', p: 'payload', to: 'topic', tot: 'msg' })], { payload: 1 }],
  [
    'moves into what it was in',
    [rule({ t: 'move', p: 'payload.a', to: 'payload', tot: 'msg' })],
    { payload: { a: 1 } },
  ],
  ['moves into itself', [rule({ t: 'move', p: 'payload', to: 'payload.a', tot: 'msg' })], { payload: 1 }],
  [
    'moves to the flow',
    [rule({ t: 'move', p: 'payload', to: 'm', tot: 'flow' }), rule({ p: 'back', tot: 'flow', to: 'm' })],
    { payload: 1 },
  ],
];

describe('a set node', () => {
  let red: TestNodeRed;
  before(async () => {
    process.env['CHARTWIRE_SET_TEST'] = 'from outside';
    red = await startNodeRed({ notes: 'recorders' });
  });
  after(async () => {
    delete process.env['CHARTWIRE_SET_TEST'];
    await red.stop();
  });

  const node = (id: string, type: string, rules: readonly Rule[]): StoredNode => ({
    id,
    type,
    z,
    rules,
    wires: [[`${id}-end`]],
  });
  const both = (rules: readonly Rule[]): StoredNode[] => [
    tab,
    node('core', 'change', rules),
    node('ours', 'chartwire-set', rules),
    recorder('core-end'),
    recorder('ours-end'),
    ...catching.filter(({ id }) => id !== 'caught'),
    recorder('caught'),
  ];

  for (const [what, rules, message] of same) {
    it(`${what}, as the core node does`, async () => {
      await red.deploy(both(rules));
      for (const id of ['core', 'ours']) red.send(id, { ...structuredClone(message), _msgid: 'id' });
      const [[core], [ours]] = [await red.receivedBy('core-end', 1), await red.receivedBy('ours-end', 1)];
      assert.deepEqual(ours, core);
    });
  }

  it('sets the time', async () => {
    await red.deploy(both([rule({ tot: 'date' })]));
    red.send('ours', {});
    assert.equal(typeof (await red.receivedBy('ours-end', 1))[0]?.payload, 'number');
  });

  it('gives a message to Catch and not on when an expression fails', async () => {
    await red.deploy(both([rule({ tot: 'jsonata', to: '$error("no")' })]));
    red.send('ours', {});
    await red.receivedBy('caught', 1);
    assert.equal(red.received('ours-end').length, 0);
  });

  for (const [what, part, words] of [
    ['a pattern', { t: 'change', from: '(', fromt: 're' }, /pattern cannot be read/],
    ['JSON', { tot: 'json', to: '{' }, /JSON|json cannot be read/],
    ['JSONata', { tot: 'jsonata', to: '(' }, /JSONata cannot be read/],
    ['a property', { p: 'a[' }, /is not one/],
    ['a way to what all objects share', { p: '__proto__.a' }, /refused/],
  ] as const) {
    it(`says at the start that ${what} is wrong`, async () => {
      await red.deploy(both([rule(part)]).filter(({ id }) => id !== 'core'));
      assert.match(errorText((await red.receivedBy('caught', 1))[0] ?? {}), /^SETTINGS_INVALID/);
      assert.match(errorText((await red.receivedBy('caught', 1))[0] ?? {}), words);
    });
  }
});
