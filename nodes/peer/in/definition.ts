import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { choice } from '../../../src/spec/field.ts';
import { inFields } from '../../adapter/side-fields.ts';

export const definition = define({
  type: 'chartwire-peer-in',
  version: 1,
  category: 'chartwire',
  label: 'peer in',
  summary: 'Emits what arrives through a peer link or listener.',
  color: colors.peer,
  inputs: 0,
  outputs: 1,
  labelledBy: ['topic'],
  fields: {
    ...inFields('peer'),
    emit: choice({
      label: 'Emits',
      hint: 'What peers send, or what becomes of the peers themselves.',
      default: 'messages',
      options: { messages: 'messages', presence: 'presence' },
    }),
  },
  migrations: [],
});
