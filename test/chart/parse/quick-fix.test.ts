import assert from 'node:assert/strict';
import { applyTextEdits, checkChart } from '../../../src/chart/index.ts';

const FIXES: readonly (readonly [what: string, wrong: string, right: string])[] = [
  [
    'parentheses in a label',
    'graph TD\nU1[Web User (Dashboard)] --> B\n',
    'graph TD\nU1["Web User (Dashboard)"] --> B\n',
  ],
  ['quotes in a label', 'graph TD\nA[say "hi" now]\n', 'graph TD\nA["say #quot;hi#quot; now"]\n'],
  ['an arrow of one dash', 'graph TD\nA -> B\n', 'graph TD\nA --> B\n'],
  ['a subgraph without end', 'graph TD\nsubgraph s\nA', 'graph TD\nsubgraph s\nA\nend\n'],
  ['a comment behind a statement', 'graph TD\nA --> B %% why\n', 'graph TD\nA --> B \n%% why\n'],
  ['frontmatter below empty lines', '\n\n---\ntitle: T\n---\ngraph TD\nA\n', '---\ntitle: T\n---\ngraph TD\nA\n'],
];

describe('a quick fix', () => {
  for (const [what, wrong, right] of FIXES) {
    it(`mends ${what}`, () => {
      const { fix } = checkChart(wrong).find((one) => one.fix) ?? assert.fail();
      assert.ok(fix);
      assert.equal(applyTextEdits(wrong, [{ ...fix.span, text: fix.text }]), right);
      assert.deepEqual(checkChart(right), []);
    });
  }
});
