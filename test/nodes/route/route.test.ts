import assert from 'node:assert/strict';
import type { FlowMessage } from '../../../nodes/adapter/message.ts';
import {
  catching,
  errorText,
  recorder,
  startNodeRed,
  tab,
  type StoredNode,
  type TestNodeRed,
} from '../../support/node-red.ts';

type Rule = Readonly<Record<string, unknown>>;
const z = tab.id;

const VALUES: readonly unknown[] = [
  undefined,
  null,
  '',
  'a',
  'abc',
  '5',
  5,
  5.5,
  -1,
  0,
  true,
  false,
  [],
  [1],
  {},
  { a: 1 },
  Buffer.from(''),
  '{"a":1}',
  'ABC',
];
/** Each is asked of every value above, at the core node switch and at ours; both must send to the same outputs. */
const same: readonly (readonly [string, readonly Rule[]])[] = [
  [
    'eq, neq',
    [
      { t: 'eq', v: '5', vt: 'num' },
      { t: 'eq', v: 'a', vt: 'str' },
      { t: 'neq', v: '5', vt: 'str' },
    ],
  ],
  ['lt, lte, gt, gte', ['lt', 'lte', 'gt', 'gte'].map((t) => ({ t, v: '5', vt: 'num' }))],
  ['text in order', ['lt', 'lte', 'gt', 'gte'].map((t) => ({ t, v: 'abc', vt: 'str' }))],
  [
    'btwn',
    [
      { t: 'btwn', v: '0', vt: 'num', v2: '5', v2t: 'num' },
      { t: 'btwn', v: '6', vt: 'num', v2: '5', v2t: 'num' },
    ],
  ],
  ['cont', [{ t: 'cont', v: 'b', vt: 'str' }]],
  [
    'regex',
    [
      { t: 'regex', v: '^a', vt: 'str', case: false },
      { t: 'regex', v: '^a', vt: 'str', case: true },
    ],
  ],
  ['true, false, null, nnull', ['true', 'false', 'null', 'nnull'].map((t) => ({ t }))],
  ['empty, nempty', ['empty', 'nempty'].map((t) => ({ t }))],
  [
    'istype',
    ['string', 'number', 'boolean', 'array', 'buffer', 'object', 'json', 'undefined', 'null'].map((v) => ({
      t: 'istype',
      v,
      vt: v,
    })),
  ],
  ['hask', [{ t: 'hask', v: 'a', vt: 'str' }]],
  ['jsonata_exp', [{ t: 'jsonata_exp', v: 'payload = 5', vt: 'jsonata' }]],
  ['else', [{ t: 'eq', v: 'a', vt: 'str' }, { t: 'else' }, { t: 'gt', v: '0', vt: 'num' }, { t: 'else' }]],
  ['the value before', [{ t: 'eq', v: '', vt: 'prev' }]],
  ['a property of the message', [{ t: 'eq', v: 'topic', vt: 'msg' }]],
  [
    'a value without a type',
    [
      { t: 'eq', v: '5' },
      { t: 'eq', v: 'a' },
    ],
  ],
];

describe('a route node', () => {
  let red: TestNodeRed;
  before(async () => {
    red = await startNodeRed({ notes: 'recorders' });
  });
  after(() => red.stop());

  const node = (id: string, type: string, rules: readonly Rule[], part: object = {}): StoredNode[] => [
    {
      id,
      type,
      z,
      property: 'payload',
      propertyType: 'msg',
      rules,
      checkall: 'true',
      repair: false,
      outputs: rules.length,
      ...part,
      wires: rules.map((_, output) => [`${id}-${output}`]),
    },
    ...rules.map((_, output) => recorder(`${id}-${output}`)),
  ];
  const flow = (rules: readonly Rule[], part: object = {}): StoredNode[] => [
    tab,
    ...node('core', 'switch', rules, part),
    ...node('ours', 'chartwire-route', rules, part),
    ...catching.filter(({ id }) => id !== 'caught'),
    recorder('caught'),
  ];
  /** All that was sent before has come through when this has. */
  const settled = async (): Promise<void> => {
    for (let round = 0; round < 50; round += 1) await new Promise(setImmediate);
  };
  const payloads = (id: string): unknown[] => red.received(id).map(({ payload }) => payload);

  for (const checkall of ['true', 'false']) {
    for (const [what, rules] of same) {
      it(`goes by ${what} as the core node does, to ${checkall === 'true' ? 'all that fit' : 'the first'}`, async () => {
        await red.deploy(flow(rules, { checkall }));
        for (const payload of VALUES) for (const id of ['core', 'ours']) red.send(id, { payload, topic: 'a' });
        await settled();
        for (const output of rules.keys()) assert.deepEqual(payloads(`ours-${output}`), payloads(`core-${output}`));
      });
    }
  }

  const sequenced: readonly (readonly [string, readonly Rule[], object?])[] = [
    ['the first', [{ t: 'head', v: 2, vt: 'num' }]],
    ['the last', [{ t: 'tail', v: 2, vt: 'num' }]],
    ['places', [{ t: 'index', v: 1, vt: 'num', v2: 3, v2t: 'num' }, { t: 'else' }]],
    [
      'values, and makes new sequences,',
      [{ t: 'gt', v: 4, vt: 'num' }, { t: 'lt', v: 2, vt: 'num' }, { t: 'else' }],
      { repair: true },
    ],
    [
      'the last, and makes new sequences,',
      [
        { t: 'tail', v: 3, vt: 'num' },
        { t: 'eq', v: 0, vt: 'num' },
      ],
      { repair: true },
    ],
  ];
  for (const [what, rules, part] of sequenced) {
    it(`goes by ${what} of a sequence as the core node does`, async () => {
      await red.deploy(flow(rules, part));
      for (const id of ['core', 'ours']) {
        // Two at a time, one of which tells its length with its last message only, and one message of no sequence.
        for (let index = 0; index < 6; index += 1) {
          red.send(id, { payload: index, parts: { id: 'a', index, count: 6 } });
          red.send(id, { payload: index, parts: { id: 'b', index, ...(index === 5 && { count: 6 }) } });
        }
        if (part !== undefined) red.send(id, { payload: 4 });
      }
      await settled();
      await settled();
      const told = (id: string): unknown[] => {
        const ids = new Map<unknown, number>();
        return red.received(id).map(({ payload, parts }) => {
          const { id: sequence, ...place } = (parts ?? {}) as { id?: unknown };
          if (!ids.has(sequence)) ids.set(sequence, ids.size);
          return { payload, ...place, sequence: ids.get(sequence) };
        });
      };
      for (const output of rules.keys()) {
        assert.ok(told(`core-${output}`).length > 0);
        assert.deepEqual(told(`ours-${output}`), told(`core-${output}`));
      }
    });
  }

  it('gives sequences up when too much of them waits, and tells it', async () => {
    await red.deploy(flow([{ t: 'tail', v: 1, vt: 'num' }], { maxHeld: 2 }).filter(({ id }) => id !== 'core'));
    for (let index = 0; index < 3; index += 1) red.send('ours', { parts: { id: index, index: 0 } });
    assert.match(errorText((await red.receivedBy('caught', 1))[0] ?? {}), /^QUEUE_FULL: .*sequences.* 2/);
    red.send('ours', { payload: 'next', parts: { id: 'next', index: 0, count: 1 } });
    assert.deepEqual((await red.receivedBy('ours-0', 1))[0]?.payload, 'next');
  });

  it('tells a message of no sequence when a rule asks for its place', async () => {
    await red.deploy(flow([{ t: 'head', v: 1, vt: 'num' }]).filter(({ id }) => id !== 'core'));
    red.send('ours', {});
    assert.match(errorText((await red.receivedBy('caught', 1))[0] ?? {}), /^MESSAGE_INVALID: .*msg\.parts/);
  });

  it('keeps the order while an answer is waited for', async () => {
    const rules = [{ t: 'jsonata_exp', v: '$count([1..(payload * 500)]) >= 0', vt: 'jsonata' }];
    await red.deploy([tab, ...node('ours', 'chartwire-route', rules)]);
    for (const payload of [9, 0, 5, 0]) red.send('ours', { payload });
    assert.deepEqual(
      (await red.receivedBy('ours-0', 4)).map(({ payload }) => payload),
      [9, 0, 5, 0],
    );
  });

  const units: readonly (readonly [string, Rule, unknown, boolean])[] = [
    ['25 °C is above 20 °C', { t: 'gt', v: '20 °C', vt: 'num' }, '25 °C', true],
    ['283 K is not above 20 °C', { t: 'gt', v: '20 °C', vt: 'num' }, '283 K', false],
    ['a bare figure is in the unit of the rule', { t: 'gt', v: '900 ppm', vt: 'num' }, 901, true],
    ['text with a unit meets a bare rule', { t: 'lte', v: '25', vt: 'num' }, '25 °C', true],
    ['units with nothing in common fit nothing', { t: 'gt', v: '1 V', vt: 'num' }, '5 A', false],
    ['0.1 % equals 1000 ppm', { t: 'eq', v: '1000 ppm', vt: 'str' }, '0.1 %', true],
    ['between takes units', { t: 'btwn', v: '1 bar', vt: 'num', v2: '1100 hPa', v2t: 'num' }, '105 kPa', true],
    ['dates stay text', { t: 'lt', v: '2024-01-02', vt: 'str' }, '2024-01-01', true],
    ['a topic filter fits', { t: 'topic', v: 'home/+/temperature', vt: 'str' }, 'home/kitchen/temperature', true],
    ['a topic filter does not fit', { t: 'topic', v: 'home/#', vt: 'str' }, 'garden/shed', false],
  ];
  for (const [what, rule, payload, fits] of units) {
    it(`knows that ${what}`, async () => {
      await red.deploy([tab, ...node('ours', 'chartwire-route', [rule, { t: 'else' }])]);
      red.send('ours', { payload });
      assert.equal((await red.receivedBy(fits ? 'ours-0' : 'ours-1', 1)).length, 1);
      await settled();
      assert.equal(red.received(fits ? 'ours-1' : 'ours-0').length, 0);
    });
  }

  const properties: readonly (readonly [string, object, FlowMessage])[] = [
    ['a deep property', { property: 'payload.a[0]' }, { payload: { a: ['x'] } }],
    ['JSONata', { property: 'payload & ""', propertyType: 'jsonata' }, { payload: 'x' }],
    ['the environment', { property: 'CHARTWIRE_ROUTE_TEST', propertyType: 'env' }, {}],
  ];
  for (const [what, part, message] of properties) {
    it(`looks at ${what}`, async () => {
      process.env['CHARTWIRE_ROUTE_TEST'] = 'x';
      await red.deploy([tab, ...node('ours', 'chartwire-route', [{ t: 'eq', v: 'x', vt: 'str' }], part)]);
      red.send('ours', message);
      assert.equal((await red.receivedBy('ours-0', 1)).length, 1);
    });
  }

  for (const [what, rule, words] of [
    ['a pattern', { t: 'regex', v: '(', vt: 'str' }, /pattern cannot be read/],
    ['a topic filter', { t: 'topic', v: 'a/#/b', vt: 'str' }, /topic filter/],
    ['a number', { t: 'gt', v: 'warm', vt: 'num' }, /no number/],
    ['JSONata', { t: 'jsonata_exp', v: '(', vt: 'jsonata' }, /JSONata cannot be read/],
  ] as const) {
    it(`says at the start that ${what} is wrong`, async () => {
      await red.deploy(flow([rule]).filter(({ id }) => id !== 'core'));
      const text = errorText((await red.receivedBy('caught', 1))[0] ?? {});
      assert.match(text, /^SETTINGS_INVALID/);
      assert.match(text, words);
    });
  }
});
