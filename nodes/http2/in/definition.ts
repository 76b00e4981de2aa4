import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { inFields } from '../../adapter/side-fields.ts';

export const definition = define({
  type: 'chartwire-http2-in',
  version: 1,
  category: 'chartwire',
  label: 'http2 in',
  summary: 'Emits what arrives through an HTTP/2 link or listener.',
  color: colors.http2,
  inputs: 0,
  outputs: 1,
  fields: inFields('http2'),
  migrations: [],
});
