import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../tools/build/find-nodes.ts';
import { sharedCharts, sharedFlow } from '../../tools/build/flows.ts';

describe('a shared flow', () => {
  for (const chart of sharedCharts()) {
    it(`${chart} is what its chart becomes, and is described`, async () => {
      const flow = await readFile(join(root, chart.replace(/\.mmd$/, '.json')), 'utf8');
      assert.equal(flow, await sharedFlow(chart), 'run: node tools/build/flows.ts');
      assert.ok(existsSync(join(root, chart.replace(/\.mmd$/, '.md'))));
    });
  }

  it('exists at all', () => {
    assert.ok(sharedCharts().includes(join('flows', 'mission.mmd')));
  });
});
