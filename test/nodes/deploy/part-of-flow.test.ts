import assert from 'node:assert/strict';
import { groupsNamed, partOfFlow, partsForHosts, type StoredNode } from '../../../nodes/deploy/part-of-flow.ts';

const flow: StoredNode[] = [
  { id: 't1', type: 'tab', label: 'one' },
  { id: 't2', type: 'tab', label: 'two' },
  { id: 'g1', type: 'group', z: 't1', name: 'edge', x: 0 },
  { id: 'g2', type: 'group', z: 't1', g: 'g1', name: 'inner', x: 0 },
  { id: 'a', type: 'inject', z: 't1', wires: [['b', 'c']], x: 0 },
  { id: 'b', type: 'mqtt out', z: 't1', g: 'g2', broker: 'k', wires: [], x: 0, credentials: { password: 'canary' } },
  { id: 'c', type: 'subflow:s', z: 't1', wires: [['d']], x: 0 },
  { id: 'd', type: 'debug', z: 't2', wires: [], x: 0 },
  { id: 'k', type: 'mqtt-broker', tls: 'l', credentials: { user: 'canary' } },
  { id: 'l', type: 'tls-config' },
  { id: 'unused', type: 'mqtt-broker' },
  { id: 's', type: 'subflow' },
  { id: 's1', type: 'function', z: 's', wires: [[]], x: 0 },
];

const ids = (nodes: readonly StoredNode[]): string[] => nodes.map(({ id }) => id).toSorted();

describe('the part of a flow that is released', () => {
  it('is a tab with the config nodes and subflows it needs, and nothing else', () => {
    assert.deepEqual(ids(partOfFlow(flow, 't1')), ['a', 'b', 'c', 'g1', 'g2', 'k', 'l', 's', 's1', 't1']);
  });

  it('is a group with the groups inside it, its wires cut at its border', () => {
    const part = partOfFlow(flow, 't1', 'g1');
    assert.deepEqual(ids(part), ['b', 'g1', 'g2', 'k', 'l', 't1']);
    const whole = partOfFlow(flow, 't1');
    assert.deepEqual(whole.find(({ id }) => id === 'c')?.wires, [[]]);
  });

  it('holds no credentials', () => {
    assert.doesNotMatch(JSON.stringify(partOfFlow(flow, 't1')), /canary/);
  });

  it('survives groups that contain one another', () => {
    const circle = [
      { id: 't', type: 'tab' },
      { id: 'x', type: 'group', z: 't', g: 'y' },
      { id: 'y', type: 'group', z: 't', g: 'x' },
      { id: 'n', type: 'debug', z: 't', g: 'x', wires: [] },
    ];
    assert.deepEqual(ids(partOfFlow(circle, 't', 'elsewhere')), ['t']);
    assert.deepEqual(ids(partOfFlow(circle, 't', 'y')), ['n', 't', 'x', 'y']);
  });

  it('for an edge host is all groups that are marked for it, with their nodes enabled', () => {
    const marked = (host: string): unknown => [{ name: 'CHARTWIRE_HOST', type: 'str', value: host }];
    const hosted: StoredNode[] = [
      { id: 't', type: 'tab' },
      { id: 'g1', type: 'group', z: 't', env: marked('pump-7') },
      { id: 'g2', type: 'group', z: 't', env: marked('pump-7') },
      { id: 'g3', type: 'group', z: 't', env: marked('pump-8') },
      { id: 'a', type: 'debug', z: 't', g: 'g1', d: true, wires: [['b', 'c', 'here']] },
      { id: 'b', type: 'debug', z: 't', g: 'g1', d: true, wires: [] },
      { id: 'c', type: 'debug', z: 't', g: 'g3', d: true, wires: [] },
      { id: 'here', type: 'debug', z: 't', wires: [] },
    ];
    const parts = partsForHosts(hosted, 't');
    assert.deepEqual([...parts.keys()], ['pump-7', 'pump-8']);
    const pump = parts.get('pump-7') ?? [];
    assert.deepEqual(ids(pump), ['a', 'b', 'g1', 'g2', 't']);
    assert.deepEqual(
      pump.find(({ id }) => id === 'a'),
      { id: 'a', type: 'debug', z: 't', g: 'g1', wires: [['b']] },
    );
    assert.deepEqual(ids(parts.get('pump-8') ?? []), ['c', 'g3', 't']);
    assert.deepEqual([...partsForHosts(hosted, 'another')], []);
    assert.deepEqual([...partsForHosts(hosted, 'another', new Set(['g3'])).keys()], ['pump-8']);
  });

  it('finds groups by name on their tab only', () => {
    assert.deepEqual(groupsNamed(flow, 't1', 'edge'), ['g1']);
    assert.deepEqual(groupsNamed(flow, 't2', 'edge'), []);
  });
});
