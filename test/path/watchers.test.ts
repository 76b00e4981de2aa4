import assert from 'node:assert/strict';
import { hears, type Watcher } from '../../src/path/watchers.ts';

/** Groups: `inner` stands in `outer`. */
const parentOf = new Map<string, string | undefined>([
  ['outer', undefined],
  ['inner', 'outer'],
  ['other', undefined],
]);

const watcher = (part: Partial<Watcher>): Watcher => ({
  kind: 'catch',
  id: 'watcher',
  flow: 'tab',
  group: undefined,
  scope: 'all',
  ...part,
});
const node = { id: 'node', flow: 'tab', group: undefined as string | undefined };

const cases: readonly (readonly [string, Partial<Watcher>, Partial<typeof node>, boolean])[] = [
  ['all of its tab', {}, {}, true],
  ['nothing of another tab', { flow: 'elsewhere' }, {}, false],
  ['the nodes it names', { scope: ['node'] }, {}, true],
  ['no node it does not name', { scope: ['another'] }, {}, false],
  ['a node of its group', { scope: 'group', group: 'outer' }, { group: 'outer' }, true],
  ['a node of a group within its group', { scope: 'group', group: 'outer' }, { group: 'inner' }, true],
  ['no node of the group around its own', { scope: 'group', group: 'inner' }, { group: 'outer' }, false],
  ['no node of another group', { scope: 'group', group: 'other' }, { group: 'inner' }, false],
  ['no node without a group when it hears its group', { scope: 'group', group: 'outer' }, {}, false],
  ['all of its tab when it hears a group and has none', { scope: 'group' }, { group: 'outer' }, true],
  ['nodes outside its group when it hears all', { group: 'inner' }, {}, true],
];

describe('a Catch, Status or Complete node', () => {
  for (const [what, ofWatcher, ofNode, heard] of cases) {
    it(`hears ${what}`, () => {
      assert.equal(hears(watcher(ofWatcher), { ...node, ...ofNode }, parentOf), heard);
    });
  }

  it('is found where a damaged flow has groups in a circle', () => {
    const circle = new Map([
      ['a', 'b'],
      ['b', 'a'],
    ]);
    assert.equal(hears(watcher({ scope: 'group', group: 'c' }), { ...node, group: 'a' }, circle), false);
  });
});
