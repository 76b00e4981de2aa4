import { rows, type RowsField } from '../../src/spec/field.ts';
import { fingerprintProblem } from './fingerprint-problem.ts';

/** A list of peers: a name for us, and the fingerprint of each. */
export function allowedPeers(hint: string): RowsField<'name' | 'fingerprint'> {
  const list = rows({
    label: 'Allowed peers',
    hint,
    max: 1_000,
    columns: { name: { label: 'Name' }, fingerprint: { label: 'Fingerprint' } },
  });
  // Rows know no rule for a column of their own.
  return { ...list, problem: (value) => list.problem(value) ?? rowsProblem(value as typeof list.default) };
}

function rowsProblem(peers: RowsField<'name' | 'fingerprint'>['default']): string | undefined {
  const index = peers.findIndex(({ fingerprint }) => fingerprintProblem(fingerprint) !== undefined);
  return index < 0 ? undefined : `row ${index + 1}: the fingerprint ${fingerprintProblem('')}`;
}
