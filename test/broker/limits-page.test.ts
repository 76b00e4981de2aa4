import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { BROKER_LIMITS } from '../../src/broker/broker-limits.ts';

describe('docs/broker.md', () => {
  const page = readFileSync(new URL('../../docs/broker.md', import.meta.url), 'utf8');

  for (const [name, value] of Object.entries(BROKER_LIMITS)) {
    it(`says what ${name} is, and its default`, () => {
      const [, , , stated = ''] =
        page
          .split('\n')
          .find((line) => line.startsWith(`| \`${name}\``))
          ?.split('|') ?? [];
      const [, digits = '', mebi] = /^([\d,]+)( MiB)?/.exec(stated.trim()) ?? [];
      assert.equal(Number(digits.replaceAll(',', '')) * (mebi === undefined ? 1 : 1024 * 1024), value, stated);
    });
  }
});
