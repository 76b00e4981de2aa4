import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readLimits } from '../../nodes/chart/limits.ts';
import { readRate } from '../../nodes/monitor/live-rate.ts';
import { readNumbers } from '../../src/spec/number-settings.ts';

const numbers = { maxBytes: { usual: 50, least: 10, most: 100 }, everyMs: { usual: 5, least: 0, most: 9 } };

describe('numbers of the settings file', () => {
  it('are the usual ones where nothing is set', () => {
    for (const nothing of [undefined, null, {}, 'text', { other: 1 }])
      assert.deepEqual(readNumbers('mine', numbers, nothing), { values: { maxBytes: 50, everyMs: 5 }, problems: [] });
  });

  it('are those that are set, from the least to the most', () => {
    for (const maxBytes of [10, 11, 100])
      assert.deepEqual(readNumbers('mine', numbers, { maxBytes }), { values: { maxBytes, everyMs: 5 }, problems: [] });
  });

  it('are the usual ones where something else is set, and that is told', () => {
    for (const maxBytes of [9, 101, 10.5, '50', null, Number.NaN, Number.POSITIVE_INFINITY]) {
      const { values, problems } = readNumbers('mine', numbers, { maxBytes });
      assert.equal(values.maxBytes, 50);
      assert.match(
        problems.join(),
        /^SETTING_INVALID: mine\.maxBytes is not a whole number from 10 to 100; 50 is used/,
      );
    }
  });

  it('of charts and of the live figures are in the documentation, with what they usually are', async () => {
    const page = await readFile(join(import.meta.dirname, '../../docs/chart-tab.md'), 'utf8');
    for (const [name, usual] of Object.entries({ ...readLimits(undefined).values, ...readRate(undefined).values }))
      assert.match(page, new RegExp(`\\| \`${name}\` +\\| \\w+ +\\| +${usual} \\|`));
  });
});
