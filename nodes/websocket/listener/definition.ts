import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { limitFields, pathField } from '../../adapter/link-fields.ts';

export const definition = define({
  type: 'chartwire-websocket-listener',
  version: 1,
  category: 'config',
  label: 'websocket listener',
  summary: 'Takes WebSocket connections at a path of the front door.',
  color: colors.websocket,
  inputs: 0,
  outputs: 0,
  fields: {
    path: pathField({ hint: 'Where far sides reach it on the front door.', default: '/websocket' }),
    ...limitFields,
  },
  migrations: [],
});
