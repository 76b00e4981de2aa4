import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { fuse, type FlowPlan, type PathNode } from '../../src/path/fuse.ts';

const node = (id: string, wires: string[][], part: Partial<PathNode> = {}): PathNode => ({
  id,
  name: id.toUpperCase(),
  wires,
  kind: 'own',
  ...part,
});
const plan = (nodes: PathNode[], part: Partial<FlowPlan> = {}): FlowPlan => ({ nodes, ...part });
const reasons = (given: FlowPlan): string[] =>
  fuse(given).map(({ from, port, to, why }) => `${from}${port}${to}:${why}`);

describe('a wire between two of our nodes', () => {
  it('is a direct call', () => {
    const nodes = [node('a', [['b'], ['c']]), node('b', []), node('c', [])];
    assert.deepEqual(fuse(plan(nodes)), [
      { from: 'a', port: 0, to: 'b', fused: true, why: '' },
      { from: 'a', port: 1, to: 'c', fused: true, why: '' },
    ]);
  });

  const chain = (a: Partial<PathNode>, b: Partial<PathNode>): PathNode[] => [node('a', [['b']], a), node('b', [], b)];
  const table: readonly (readonly [string, FlowPlan, string])[] = [
    ['from another node', plan(chain({ kind: 'foreign' }, {})), 'a0b:A is no Chartwire node'],
    ['to another node', plan(chain({}, { kind: 'foreign' })), 'a0b:B is no Chartwire node'],
    ['from a barred node', plan(chain({ barred: { both: 'A rests' } }, {})), 'a0b:A rests'],
    ['to a barred node', plan(chain({}, { barred: { both: 'B rests' } })), 'a0b:B rests'],
    ['to a node that answers later', plan(chain({}, { barred: { in: 'B is slow' } })), 'a0b:B is slow'],
    ['from a node that answers later', plan(chain({ barred: { in: 'A is slow' } }, {})), 'a0b:'],
    ['from a node whose messages are its own', plan(chain({ barred: { out: 'A is heard' } }, {})), 'a0b:A is heard'],
    ['to a node whose messages are its own', plan(chain({}, { barred: { out: 'B is heard' } })), 'a0b:'],
    ['when all is off', plan(chain({}, {}), { off: 'switched off' }), 'a0b:switched off'],
    ['to itself', plan([node('a', [['a']])]), 'a0a:it closes a circle'],
  ];
  for (const [what, given, expected] of table) {
    it(`${expected.endsWith(':') ? 'is one' : 'goes through the runtime'} ${what}`, () => {
      assert.deepEqual(reasons(given), [expected]);
    });
  }

  it('is one also where several leave one output', () => {
    const nodes = [node('a', [['b', 'c', 'd']]), node('b', []), node('c', [], { kind: 'foreign' }), node('d', [])];
    assert.deepEqual(reasons(plan(nodes)), ['a0b:', 'a0c:C is no Chartwire node', 'a0d:']);
  });

  it('is one through a node that passes messages on, where one of ours calls it', () => {
    const relay = { kind: 'relay' } as const;
    const foreign = { kind: 'foreign' } as const;
    const nodes = [node('a', [['j']]), node('j', [['k', 'f']], relay), node('k', [['b']], relay), node('b', [])];
    assert.deepEqual(reasons(plan([...nodes, node('f', [], foreign)])), [
      'a0j:',
      'j0k:',
      'j0f:F is no Chartwire node',
      'k0b:',
    ]);
    assert.deepEqual(reasons(plan([node('f', [['j']], foreign), node('j', [['b']], relay), node('b', [])])), [
      'j0b:nothing of ours leads to J',
    ]);
  });

  it('is not told of when neither end is ours, or nothing stands at its end', () => {
    const nodes = [
      node('a', [['b', 'gone']], { kind: 'foreign' }),
      node('b', [], { kind: 'foreign' }),
      node('c', [['gone']]),
    ];
    assert.deepEqual(fuse(plan(nodes)), []);
  });

  it('goes through the runtime once in a circle', () => {
    const wires = fuse(plan([node('a', [['b']]), node('b', [['c']]), node('c', [['a']])]));
    assert.deepEqual(
      wires.map(({ fused }) => fused),
      [true, true, false],
    );
  });

  it('goes through the runtime after 64 direct calls, in a chain of any length', () => {
    const nodes = Array.from({ length: 10_000 }, (_, index) => node(`n${index}`, [[`n${index + 1}`]]));
    const cut = fuse(plan(nodes)).filter(({ fused }) => !fused);
    assert.equal(cut.length, Math.floor(9_998 / 65));
    assert.match(cut[0]?.why ?? '', /64 nodes long/);
  });
});

describe('direct calls in any flow', () => {
  const flows = fc.integer({ min: 1, max: 12 }).chain((size) =>
    fc.array(fc.array(fc.array(fc.nat(size - 1), { maxLength: 2 }), { maxLength: 3 }), {
      minLength: size,
      maxLength: size,
    }),
  );

  it('never lead in a circle, and each is cut only for a reason', () => {
    fc.assert(
      fc.property(flows, (outputs) => {
        const nodes = outputs.map((wires, index) =>
          node(
            String(index),
            wires.map((targets) => targets.map(String)),
          ),
        );
        const wires = fuse(plan(nodes));
        assert.ok(wires.every(({ fused, why }) => fused === (why === '')));
        const next = Map.groupBy(
          wires.filter(({ fused }) => fused),
          ({ from }) => from,
        );
        const visit = (id: string, above: readonly string[]): void => {
          assert.ok(!above.includes(id), `a circle through ${id}`);
          for (const { to } of next.get(id) ?? []) visit(to, [...above, id]);
        };
        for (const { id } of nodes) visit(id, []);
      }),
    );
  });
});
