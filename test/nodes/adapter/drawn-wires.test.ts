import assert from 'node:assert/strict';
import { drawnWires } from '../../../nodes/adapter/drawn-wires.ts';
import type { OwnNode } from '../../../nodes/adapter/own-node.ts';
import type { Wire } from '../../../src/path/fuse.ts';

/** Two instances of a subflow that holds a and b. */
const ALIASES: Readonly<Record<string, string>> = { '1-a': 'a', '1-b': 'b', '2-a': 'a', '2-b': 'b' };
const running = {
  get: (id: string) => (ALIASES[id] === undefined ? undefined : ({ node: { _alias: ALIASES[id] } } as OwnNode)),
};
const wire = (from: string, to: string, why = ''): Wire => ({ from, port: 0, to, fused: why === '', why });

describe('the wires the editor draws', () => {
  it('are those of the flow, and those in a subflow once', () => {
    assert.deepEqual(drawnWires([wire('x', 'y'), wire('1-a', '1-b'), wire('2-a', '2-b')], running), [
      wire('x', 'y'),
      wire('a', 'b'),
    ]);
  });

  it('are direct calls only where every instance has them', () => {
    const cut = wire('2-a', '2-b', 'b is done with a message only later');
    for (const order of [
      [wire('1-a', '1-b'), cut],
      [cut, wire('1-a', '1-b')],
    ]) {
      assert.deepEqual(drawnWires(order, running), [wire('a', 'b', 'b is done with a message only later')]);
    }
  });
});
