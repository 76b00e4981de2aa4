import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { inFields } from '../../adapter/side-fields.ts';
import { coreSides } from '../core-names.ts';

export const definition = define({
  type: 'chartwire-websocket-in',
  version: 2,
  category: 'chartwire',
  label: 'websocket in',
  summary: 'Emits what arrives through a WebSocket link or listener.',
  color: colors.websocket,
  inputs: 0,
  outputs: 1,
  labelledBy: ['topic'],
  fields: inFields('websocket'),
  // A flow of core nodes has no version: it runs when its types are changed.
  migrations: [{ to: 2, up: coreSides }],
});
