import assert from 'node:assert/strict';
import type { CaseLine } from '../../bench/bench.ts';
import { tableOf, withTable } from '../../bench/table.ts';

const lost: CaseLine = {
  case: 'slow one',
  ours: 1234.5,
  peer: 20_000,
  peerName: 'other 1.0',
  unit: 'msg/s',
  ratio: 0.0617,
  cpuRatio: Number.NaN,
  goal: 1,
  met: false,
};
const absent: CaseLine = { case: 'in C', peerName: 'libmosquitto', skipped: 'not installed' };

describe('the table of a benchmark', () => {
  it('shows losses and what could not run', () => {
    const [summary, , , , first, second] = tableOf([lost, absent], 'a machine').split('\n');
    assert.match(summary!, /0 of 1 goals met, 1 missed, 1 not run/);
    assert.equal(first, '| slow one | 1,235 | 20,000 | msg/s | 0.0617 |  |  | 1 **missed** | other 1.0 |');
    assert.match(second!, /not run \| libmosquitto: not installed/);
  });

  it('takes the place of the one before it, and of no other', () => {
    const page = 'a\n<!-- one -->\nold\n<!-- /one -->\nb\n<!-- two -->\nstays\n<!-- /two -->\n';
    const changed = withTable(page, 'one', 'new');
    assert.equal(changed, page.replace('\nold\n', '\n\nnew\n\n'));
    assert.equal(withTable(page, 'three', 'new'), undefined);
  });
});
