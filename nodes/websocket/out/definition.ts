import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { outFields } from '../../adapter/side-fields.ts';

export const definition = define({
  type: 'chartwire-websocket-out',
  version: 1,
  category: 'chartwire',
  label: 'websocket out',
  summary:
    'Sends messages through a WebSocket link or listener; a message is done when the far side has taken it over.',
  color: colors.websocket,
  inputs: 1,
  outputs: 0,
  fields: outFields('websocket'),
  migrations: [],
});
