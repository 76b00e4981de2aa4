import assert from 'node:assert/strict';
import { define, settingsProblems } from '../../src/spec/definition.ts';
import { boolean, number, text } from '../../src/spec/field.ts';
import { migrate, readSettings } from '../../src/spec/settings.ts';

const definition = define({
  type: 'chartwire-example',
  version: 3,
  category: 'chartwire',
  label: 'example',
  summary: 'An example.',
  color: '#FFFFFF',
  inputs: 1,
  outputs: 1,
  fields: {
    waitMs: number({ label: 'Wait', hint: 'How long.', default: 100, min: 0, max: 1000, unit: 'ms' }),
    name2: text({ label: 'Second name', hint: 'Another.', default: 'none' }),
    on: boolean({ label: 'On', hint: 'Works.', default: true }),
  },
  migrations: [
    { to: 2, up: ({ waitS, ...rest }) => ({ ...rest, waitMs: Number(waitS) * 1000 }) },
    { to: 3, up: ({ title, ...rest }) => ({ ...rest, name2: title }) },
  ],
});

describe('settings', () => {
  it('take defaults for what is missing', () => {
    assert.deepEqual(readSettings(definition, { schemaVersion: 3 }), { waitMs: 100, name2: 'none', on: true });
  });

  it('turn figures the editor kept as text into numbers', () => {
    assert.equal(readSettings(definition, { schemaVersion: 3, waitMs: '250' }).waitMs, 250);
  });

  it('are lifted through every version that came after they were saved', () => {
    assert.deepEqual(migrate(definition, { waitS: 0.5, title: 'old' }), { waitMs: 500, name2: 'old' });
    assert.deepEqual(migrate(definition, { schemaVersion: 2, waitMs: 7, title: 'old' }), {
      schemaVersion: 2,
      waitMs: 7,
      name2: 'old',
    });
    assert.deepEqual(migrate(definition, { schemaVersion: 3, waitMs: 7 }), { schemaVersion: 3, waitMs: 7 });
  });

  it('name each field that is wrong', () => {
    assert.deepEqual(settingsProblems(definition, { waitMs: 2000, name2: 'a', on: 1 }), [
      'Wait must be from 0 to 1000 ms',
      'On must be true or false',
    ]);
  });
});
