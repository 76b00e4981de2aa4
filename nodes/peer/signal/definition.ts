import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { configNode } from '../../../src/spec/field.ts';

export const definition = define({
  type: 'chartwire-peer-signal',
  version: 1,
  category: 'chartwire',
  label: 'peer signal',
  summary: 'Gives the invite of a peer link or the answer of a listener as text, and takes that of the other side.',
  color: colors.peer,
  inputs: 1,
  outputs: 1,
  inputLabel: 'text of the other side',
  outputLabels: ['text for the other side'],
  fields: {
    link: configNode({
      label: 'Link',
      hint: 'A link whose signals go by invite. Choose a link or a listener.',
      nodeType: 'chartwire-peer-link',
    }),
    listener: configNode({
      label: 'Listener',
      hint: 'A listener whose signals go by invite. Choose a link or a listener.',
      nodeType: 'chartwire-peer-listener',
    }),
  },
  migrations: [],
});
