import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { defaultDoorLimits } from '../../src/front-door/door-limits.ts';

describe('docs/front-door.md', () => {
  const page = readFileSync(new URL('../../docs/front-door.md', import.meta.url), 'utf8');

  for (const [name, value] of Object.entries(defaultDoorLimits)) {
    it(`says what ${name} is, and its default`, () => {
      const row = page.split('\n').find((line) => line.startsWith(`| \`door.${name}\``));
      assert.equal(Number(row?.split('|')[3]?.trim().replaceAll(',', '')), value);
    });
  }
});
