import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { boolean, text } from '../../../src/spec/field.ts';
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
  labelledBy: ['topic'],
  fields: {
    ...outFields('peer'),
    to: text({
      label: 'To',
      hint: 'Names or fingerprints of the peers it is for, with commas between. Empty: msg.peer, and without one all that are connected.',
    }),
    reliable: boolean({
      label: 'Reliable',
      hint: 'In order and acknowledged. Off: may be lost, late or out of order, and never waits; good for what is soon out of date.',
      default: true,
    }),
  },
  migrations: [],
});
