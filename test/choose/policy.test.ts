import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'mocha';
import * as fc from 'fast-check';
import { changePolicy, createPolicy, policyFieldNames, policyFields, policyProblem } from '../../src/choose/policy.ts';

describe('policy', () => {
  it('is explained, field by field, in the help of the choose node', async () => {
    const help = (await readFile('nodes/choose/help.md', 'utf8')).replaceAll(/ +/g, ' ');
    for (const [name, field] of Object.entries(policyFields)) {
      const unit = 'unit' in field ? ` ${field.unit}` : '';
      const row = `| \`${name}\` | ${field.meaning} | ${field.default}${unit} |`;
      assert.ok(help.includes(row), `missing: ${row}`);
    }
  });

  it('has defaults without a problem', () => {
    assert.equal(policyProblem(createPolicy()), undefined);
    assert.equal(createPolicy().version, 1);
  });

  const wrong: readonly [unknown, string][] = [
    [undefined, 'the policy must be an object'],
    [[1], 'the policy must be an object'],
    [{ speed: 1 }, 'the policy has no field speed'],
    [{ lossWeight: 11 }, 'lossWeight must be a number from 0 to 10'],
    [{ lossWeight: Number.NaN }, 'lossWeight must be a number from 0 to 10'],
    [{ lossWeight: '3' }, 'lossWeight must be a number from 0 to 10'],
    [{ probeEvery: 1.5 }, 'probeEvery must be a whole number'],
    [{ version: 0 }, 'version must be a whole number above 0'],
    [
      Object.fromEntries(policyFieldNames.filter((name) => name.endsWith('Weight')).map((name) => [name, 0])),
      'at least one weight must be above 0',
    ],
  ];
  for (const [policy, problem] of wrong) {
    it(`answers ${JSON.stringify(policy)} with "${problem}"`, () => assert.equal(policyProblem(policy), problem));
  }

  it('takes changes alone', () => assert.equal(policyProblem({ latencyWeight: 5 }), undefined));

  it('counts its versions and leaves the former policy as it was', () => {
    const first = createPolicy();
    const second = changePolicy(first, { lossWeight: 7 });
    assert.deepEqual([first.version, first.lossWeight, second.version, second.lossWeight], [1, 3, 2, 7]);
    assert.throws(() => Object.assign(second, { lossWeight: 1 }), TypeError);
  });

  it('takes exactly what lies within the limits of a field', () => {
    fc.assert(
      fc.property(fc.constantFrom(...policyFieldNames), fc.double(), (name, value) => {
        const { least, most } = policyFields[name];
        const whole = 'whole' in policyFields[name];
        const right = value >= least && value <= most && (!whole || Number.isInteger(value));
        assert.equal(policyProblem({ [name]: value }) === undefined, right);
      }),
    );
  });
});
