import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { inFields } from '../../adapter/side-fields.ts';

export const definition = define({
  type: 'chartwire-websocket-in',
  version: 1,
  category: 'chartwire',
  label: 'websocket in',
  summary: 'Emits what arrives through a WebSocket link or listener.',
  color: colors.websocket,
  inputs: 0,
  outputs: 1,
  fields: inFields('websocket'),
  migrations: [],
});
