import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { outFields } from '../../adapter/side-fields.ts';

export const definition = define({
  type: 'chartwire-http2-out',
  version: 1,
  category: 'chartwire',
  label: 'http2 out',
  summary: 'Sends messages through an HTTP/2 link or listener; a message is done when the far side has taken it over.',
  color: colors.http2,
  inputs: 1,
  outputs: 0,
  labelledBy: ['topic'],
  fields: outFields('http2'),
  migrations: [],
});
