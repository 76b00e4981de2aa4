import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { number, rows, text, type RowsField } from '../../../src/spec/field.ts';
import { limitFields } from '../../adapter/link-fields.ts';
import { fingerprintProblem } from '../fingerprint-problem.ts';

const list = rows({
  label: 'Allowed peers',
  hint: 'Who may connect: a name for you, and the SHA-256 fingerprint from the log of that peer.',
  max: 1_000,
  columns: { name: { label: 'Name' }, fingerprint: { label: 'Fingerprint' } },
});

/** Rows know no rule for a column of their own. */
const allowed: RowsField<'name' | 'fingerprint'> = {
  ...list,
  problem: (value) => list.problem(value) ?? rowsProblem(value as typeof list.default),
};

function rowsProblem(peers: typeof list.default): string | undefined {
  const index = peers.findIndex(({ fingerprint }) => fingerprintProblem(fingerprint) !== undefined);
  return index < 0 ? undefined : `row ${index + 1}: the fingerprint ${fingerprintProblem('')}`;
}

export const definition = define({
  type: 'chartwire-peer-listener',
  version: 1,
  category: 'config',
  label: 'peer listener',
  summary: 'Takes the connections of peers with known fingerprints.',
  color: colors.peer,
  inputs: 0,
  outputs: 0,
  fields: {
    host: text({
      label: 'Host',
      hint: 'Address to listen on: 127.0.0.1 for this machine only, 0.0.0.0 for all networks.',
      default: '127.0.0.1',
      required: true,
    }),
    port: number({
      label: 'Port',
      hint: 'Port to listen on; 0 takes any free one, which the log tells.',
      default: 0,
      min: 0,
      max: 65_535,
      unit: '',
    }),
    allowed,
    ...limitFields,
  },
  migrations: [],
});
