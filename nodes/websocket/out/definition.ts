import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { choice, text } from '../../../src/spec/field.ts';
import { outFields } from '../../adapter/side-fields.ts';
import { coreSides } from '../core-names.ts';

export const definition = define({
  type: 'chartwire-websocket-out',
  version: 2,
  category: 'chartwire',
  label: 'websocket out',
  summary: 'Sends messages through a WebSocket link, or through a listener to one far side, to a room or to everybody.',
  color: colors.websocket,
  inputs: 1,
  outputs: 0,
  labelledBy: ['topic'],
  fields: {
    ...outFields('websocket'),
    audience: choice({
      label: 'To',
      hint: 'Of a listener. A message that came from a far side goes back to it, unless a room, an identity or an exception is named.',
      default: 'message',
      options: {
        message: 'whom the message names; else who sent it; else everybody',
        everyone: 'everybody',
        others: 'everybody but who sent it',
      },
    }),
    room: text({ label: 'Room', hint: 'Only who is in it. Empty: msg.room, a name or a list of them.' }),
    identity: text({
      label: 'Identity',
      hint: 'Only connections of it. Empty: msg.identity, a name or a list of them.',
    }),
  },
  // What is new has defaults that change nothing but that a reply goes to who asked, as in the core node.
  migrations: [{ to: 2, up: coreSides }],
});
