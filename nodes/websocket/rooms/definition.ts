import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { choice, configNode, text } from '../../../src/spec/field.ts';

export const definition = define({
  type: 'chartwire-websocket-rooms',
  version: 1,
  category: 'chartwire',
  label: 'websocket rooms',
  summary:
    'Puts far sides of a listener into rooms and out of them, ends their connections, and tells who comes and goes.',
  color: colors.websocket,
  inputs: 1,
  outputs: 1,
  inputLabel: 'whom to move',
  outputLabels: ['who came, went, joined or left'],
  fields: {
    listener: configNode({
      label: 'Listener',
      hint: 'Whose far sides.',
      nodeType: 'chartwire-websocket-listener',
      required: true,
    }),
    action: choice({
      label: 'Action',
      hint: 'What a message that comes in does.',
      default: 'message',
      options: {
        message: 'what msg.action says',
        join: 'join the room',
        leave: 'leave the room, or all rooms',
        disconnect: 'end the connection',
      },
    }),
    room: text({ label: 'Room', hint: 'To join or leave. Empty: msg.room.' }),
  },
  migrations: [],
});
