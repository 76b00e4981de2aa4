import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { configNode } from '../../../src/spec/field.ts';

export const definition = define({
  type: 'chartwire-http2-carry',
  version: 1,
  category: 'chartwire',
  label: 'http2 carry',
  summary: 'Carries messages over HTTP/2: sends what comes in, and passes on what arrives at the other end.',
  color: colors.http2,
  inputs: 1,
  outputs: 1,
  inputLabel: 'to send',
  outputLabels: ['what arrived'],
  fields: {
    link: configNode({
      label: 'Link',
      hint: 'Another far side to send to; what it sends comes out. Empty: carries from this Chartwire to itself.',
      nodeType: 'chartwire-http2-link',
    }),
  },
  migrations: [],
});
