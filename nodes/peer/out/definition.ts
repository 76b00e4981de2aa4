import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { outFields } from '../../adapter/side-fields.ts';

export const definition = define({
  type: 'chartwire-peer-out',
  version: 1,
  category: 'chartwire',
  label: 'peer out',
  summary: 'Sends messages through a peer link or listener; a message is done when the far side has taken it over.',
  color: colors.peer,
  inputs: 1,
  outputs: 0,
  fields: outFields('peer'),
  migrations: [],
});
