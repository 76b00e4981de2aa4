import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { configNode } from '../../../src/spec/field.ts';

export const definition = define({
  type: 'chartwire-peer-carry',
  version: 1,
  category: 'chartwire',
  label: 'peer carry',
  summary: 'Carries messages over a peer link: sends what comes in, and passes on what arrives at the other end.',
  color: colors.peer,
  inputs: 1,
  outputs: 1,
  inputLabel: 'to send',
  outputLabels: ['what arrived'],
  fields: {
    link: configNode({
      label: 'Link',
      hint: 'Another far side to send to; what it sends comes out. Empty: carries from this Chartwire to itself.',
      nodeType: 'chartwire-peer-link',
    }),
  },
  migrations: [],
});
