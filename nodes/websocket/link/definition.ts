import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { boolean } from '../../../src/spec/field.ts';
import { limitFields, pathField, reconnectFields, trustFields, urlField } from '../../adapter/link-fields.ts';

export const definition = define({
  type: 'chartwire-websocket-link',
  version: 1,
  category: 'config',
  label: 'websocket link',
  summary: 'How to reach a WebSocket, over TLS.',
  color: colors.websocket,
  inputs: 0,
  outputs: 0,
  fields: {
    url: urlField('wss', 'wss://host.example/path'),
    path: pathField({
      hint: 'Path of our own front door, for an empty address: that of the listener to reach.',
      default: '/websocket',
    }),
    plain: boolean({
      label: 'Plain WebSocket',
      hint: 'The far side is no Chartwire: bare payloads, without topics, properties and acknowledgements.',
      default: false,
    }),
    ...trustFields,
    ...limitFields,
    ...reconnectFields,
  },
  migrations: [],
});
