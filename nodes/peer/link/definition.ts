import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { text } from '../../../src/spec/field.ts';
import { limitFields, reconnectFields, urlProblem } from '../../adapter/link-fields.ts';
import { fingerprintProblem } from '../fingerprint-problem.ts';

export const definition = define({
  type: 'chartwire-peer-link',
  version: 1,
  category: 'config',
  label: 'peer link',
  summary: 'How to reach a peer, and the fingerprint to know it by.',
  color: colors.peer,
  inputs: 0,
  outputs: 0,
  fields: {
    url: text({
      label: 'Address',
      hint: 'Where the peer is: peer://host:port.',
      required: true,
      problem: (value) => urlProblem(value, 'peer') ?? (/:\d+\/?$/.test(value) ? undefined : 'must name a port'),
    }),
    fingerprint: text({
      label: 'Fingerprint',
      hint: "SHA-256 fingerprint of the peer's certificate, from its log; with or without colons.",
      required: true,
      problem: fingerprintProblem,
    }),
    ...limitFields,
    ...reconnectFields,
  },
  migrations: [],
});
