import assert from 'node:assert/strict';
import { minVersionProblem } from '../../../src/fleet/edge/min-version.ts';

describe('The versions a release asks for', () => {
  const here = { chartwire: '0.2.0-beta.1', nodeRed: '5.0.7-git', node: '24.21.0' };
  const cases: [string, Partial<typeof here>, RegExp | undefined][] = [
    ['the same', here, undefined],
    ['older ones', { chartwire: '0.1.9', nodeRed: '4.9.9', node: '22.30.1' }, undefined],
    ['a newer Node-RED', { nodeRed: '5.0.10' }, /needs nodeRed 5\.0\.10, this host has 5\.0\.7-git/],
    ['a newer Chartwire', { chartwire: '1.0.0' }, /needs chartwire 1\.0\.0/],
    ['a newer Node', { node: '24.22.0' }, /needs node 24\.22\.0/],
  ];
  for (const [what, needed, problem] of cases) {
    it(`${problem === undefined ? 'fit' : 'do not fit'} when they are ${what}`, () => {
      const found = minVersionProblem({ ...here, ...needed }, here);
      if (problem === undefined) assert.equal(found, undefined);
      else assert.match(found!, problem);
    });
  }
});
