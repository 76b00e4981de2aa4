import * as fc from 'fast-check';
import { recorder, tab, type StoredNode } from '../../support/node-red.ts';

/** What one cell of a random flow does. Each leaves a mark in the message, so that the way of a message can be told. */
const KINDS = [
  'script',
  'set',
  'route',
  'step',
  'double',
  'several',
  'thrower',
  'status',
  'counter',
  'later',
  'toucher',
  'late thrower',
  'function',
  'change',
  'switch',
  'junction',
  'link',
  'subflow',
] as const;

export interface Cell {
  readonly kind: (typeof KINDS)[number];
  /** Where each of up to three exits leads: so many cells on, or to a recorder with 0. */
  readonly exits: readonly (readonly number[])[];
  /** Leads the first exit back by so many cells, with a guard. */
  readonly back: number;
}

export interface RandomFlow {
  readonly cells: readonly Cell[];
  readonly watchers: readonly {
    readonly kind: 'catch' | 'status' | 'complete';
    /** Cells by place; empty: all of the tab, which a Complete node cannot hear. */
    readonly scope: readonly number[];
  }[];
}

const exit = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.integer({ min: 1, max: 2 })) },
  { weight: 1, arbitrary: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 2, maxLength: 3 }) },
);
const cell = fc.record({
  // Ours more often, so that there is something to fuse.
  kind: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...KINDS.slice(0, 11)) },
    { weight: 1, arbitrary: fc.constantFrom(...KINDS) },
  ),
  exits: fc.tuple(exit, exit, exit),
  back: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }) }),
});

export const randomFlow: fc.Arbitrary<RandomFlow> = fc.record({
  cells: fc.array(cell, { minLength: 3, maxLength: 9 }),
  watchers: fc.array(
    fc.record({
      kind: fc.constantFrom('catch' as const, 'status' as const, 'complete' as const),
      scope: fc.array(fc.nat(8), { maxLength: 2 }),
    }),
    { maxLength: 2 },
  ),
});

const z = tab.id;
export const idOf = (index: number): string => `cell${index}`;

/** The flow as Node-RED takes it. Messages enter at the first cell; recorders are called `end…` and `heard…`. */
export function nodesOf({ cells: all, watchers }: RandomFlow): StoredNode[] {
  const cells = tamed(all);
  const nodes = cells.flatMap((cell, index) => cellNodes(cell, index, cells.length));
  return [
    tab,
    SUBFLOW,
    ...SUBFLOW_NODES,
    ...nodes,
    ...watchers.flatMap((watcher, index) => heard(watcher, index, cells)),
  ];
}

/** Every second copy doubles the messages of all that follows: two cells that copy and one circle are enough for a flow. */
function tamed(cells: readonly Cell[]): Cell[] {
  let copying = 0;
  let circles = 0;
  return cells.map(({ kind, exits, back }) => {
    const copies = COPYING.has(kind) || exits.some((targets) => targets.length > 1);
    const goesBack = back > 0;
    copying += Number(copies);
    circles += Number(goesBack);
    return {
      kind: copying > 2 && COPYING.has(kind) ? 'script' : kind,
      exits: copying > 2 ? exits.map((targets) => targets.slice(0, 1)) : exits,
      back: circles > 1 ? 0 : back,
    };
  });
}

const COPYING = new Set<Cell['kind']>(['double', 'several', 'route', 'switch']);

function heard({ kind, scope }: RandomFlow['watchers'][number], index: number, cells: readonly Cell[]): StoredNode[] {
  const ids = scope.map((place) => idOf(place % cells.length));
  const all = kind === 'complete' ? [] : null;
  return [
    {
      id: `watcher${index}`,
      type: kind,
      z,
      scope: ids.length === 0 ? all : ids,
      uncaught: false,
      wires: [[`heard${index}`]],
    },
    recorder(`heard${index}`),
  ];
}

function cellNodes(cell: Cell, index: number, count: number): StoredNode[] {
  const id = idOf(index);
  const ends: StoredNode[] = [];
  const targets = (exit: number): string[] =>
    (cell.exits[exit] ?? [1]).map((step, place) => {
      if (step > 0 && index + step < count) return idOf(index + step);
      const end = recorder(`end-${id}-${exit}-${place}`);
      ends.push(end);
      return end.id;
    });
  const back = cell.back > 0 && index - cell.back >= 0 ? idOf(index - cell.back) : undefined;
  const first = targets(0);
  const nodes = partsOf(cell.kind, id, [first, targets(1), targets(2)]);
  if (back === undefined) return [...nodes, ...ends];
  const guard = code(`${id}-guard`, 'msg.rounds = (msg.rounds || 0) + 1;\nif (msg.rounds < 3) return msg;', [[back]]);
  return [...nodes.map((node) => addWire(node, first, guard.id)), guard, ...ends];
}

/** The exit's wires with one more. */
function addWire(node: StoredNode, exit: readonly string[], to: string): StoredNode {
  const wires = node['wires'] as readonly (readonly string[])[];
  return { ...node, wires: wires.map((targets) => (targets === exit ? [...targets, to] : targets)) };
}

const MARK = (id: string): string => `msg.trail += '>${id}';\n`;
const code = (
  id: string,
  func: string,
  wires: readonly (readonly string[])[],
  type = 'chartwire-script',
): StoredNode => ({
  id,
  type,
  z,
  func,
  outputs: wires.length,
  initialize: '',
  finalize: '',
  timeout: 0,
  libs: [],
  wires,
});
const marker = (id: string, type: 'chartwire-set' | 'change', wires: readonly (readonly string[])[]): StoredNode => ({
  id,
  type,
  z,
  rules: [
    { t: 'change', p: 'trail', pt: 'msg', from: '$', fromt: 're', to: `>${id}`, tot: 'str' },
    { t: 'set', p: 'seen.last[0]', pt: 'msg', to: 'trail', tot: 'msg' },
    { t: 'change', p: 'text', pt: 'msg', from: 'o', fromt: 'str', to: '0', tot: 'str' },
  ],
  wires,
});
const RULES = [{ t: 'lt', v: '4', vt: 'num' }, { t: 'btwn', v: '3', vt: 'num', v2: '8', v2t: 'num' }, { t: 'else' }];

function partsOf(kind: Cell['kind'], id: string, exits: readonly string[][]): StoredNode[] {
  const first = exits.slice(0, 1);
  const marked = (): string[][] => exits.map((_, exit) => [`${id}-${exit}`]);
  const markers = (): StoredNode[] => exits.map((wires, exit) => marker(`${id}-${exit}`, 'chartwire-set', [wires]));
  switch (kind) {
    case 'script':
      return [code(id, `${MARK(id)}return msg;`, first)];
    case 'function':
      return [code(id, `${MARK(id)}return msg;`, first, 'function')];
    case 'double':
      return [code(id, `${MARK(id)}node.send(msg);\nmsg.second = true;\nreturn msg;`, first)];
    case 'several':
      return [
        code(
          id,
          `${MARK(id)}return [msg, [{ ...msg, copy: 1 }, { n: msg.n, trail: msg.trail, rounds: msg.rounds, fresh: true }], msg.n % 2 ? msg : null];`,
          marked(),
        ),
        ...markers(),
      ];
    case 'thrower':
      return [code(id, `${MARK(id)}if (msg.n % 3 === 0) throw new Error('n is ' + msg.n);\nreturn msg;`, first)];
    case 'status':
      return [code(id, `${MARK(id)}node.status({ text: String(msg.n), way: msg.trail });\nreturn msg;`, first)];
    case 'counter':
      return [code(id, `${MARK(id)}flow.set('${id}', (flow.get('${id}') || 0) + 1);\nreturn msg;`, first)];
    case 'later':
      return [code(id, `${MARK(id)}for (let turn = msg.n % 3; turn > 0; turn -= 1) await null;\nreturn msg;`, first)];
    case 'toucher':
      return [code(id, `${MARK(id)}node.send(msg, false);\nmsg.touched = msg.n;`, first)];
    case 'late thrower':
      return [code(id, `${MARK(id)}node.send(msg, msg.n < 6);\nif (msg.n % 2) throw new Error('late');`, first)];
    case 'set':
      return [marker(id, 'chartwire-set', first)];
    case 'change':
      return [marker(id, 'change', first)];
    case 'step':
      return [{ id, type: 'chartwire-step', z, wires: [[`${id}-0`]] }, marker(`${id}-0`, 'chartwire-set', first)];
    case 'route':
      return [
        { id, type: 'chartwire-route', z, property: 'n', rules: RULES, checkall: 'true', wires: marked() },
        ...markers(),
      ];
    case 'switch':
      return [
        {
          id,
          type: 'switch',
          z,
          property: 'n',
          propertyType: 'msg',
          rules: RULES,
          checkall: 'true',
          repair: false,
          outputs: 3,
          wires: marked(),
        },
        ...markers(),
      ];
    case 'junction':
      return [{ id, type: 'junction', z, wires: [[`${id}-0`]] }, marker(`${id}-0`, 'chartwire-set', first)];
    case 'link':
      return [
        { id, type: 'link out', z, mode: 'link', links: [`${id}-in`], wires: [] },
        { id: `${id}-in`, type: 'link in', z, links: [id], wires: [[`${id}-0`]] },
        marker(`${id}-0`, 'chartwire-set', first),
      ];
    case 'subflow':
      return [
        { id, type: `subflow:${SUBFLOW.id}`, z, wires: [[`${id}-0`]] },
        marker(`${id}-0`, 'chartwire-set', first),
      ];
  }
}

const SUBFLOW: StoredNode = {
  id: 'sub',
  type: 'subflow',
  name: 'sub',
  in: [{ x: 0, y: 0, wires: [{ id: 'sub-a' }] }],
  out: [{ x: 0, y: 0, wires: [{ id: 'sub-b', port: 0 }] }],
};
const SUBFLOW_NODES: readonly StoredNode[] = [
  { ...code('sub-a', `${MARK('sub')}return msg;`, [['sub-b', 'sub-c']]), z: 'sub' },
  { ...marker('sub-b', 'chartwire-set', [[]]), z: 'sub' },
  { ...code('sub-c', `${MARK('sub-c')}if (msg.n % 4 === 0) throw new Error('in the subflow');`, [[]]), z: 'sub' },
  { id: 'sub-complete', type: 'complete', z: 'sub', scope: ['sub-a'], uncaught: false, wires: [['sub-d']] },
  { ...code('sub-d', "flow.set('$parent.completed', msg.trail);\nreturn null;", [[]]), z: 'sub' },
];
