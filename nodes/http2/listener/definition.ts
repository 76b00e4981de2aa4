import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { limitFields, pathField } from '../../adapter/link-fields.ts';

export const definition = define({
  type: 'chartwire-http2-listener',
  version: 1,
  category: 'config',
  label: 'http2 listener',
  summary: 'Takes messages posted to a path of the front door, and sends to those who listen there.',
  color: colors.http2,
  inputs: 0,
  outputs: 0,
  fields: {
    path: pathField({ hint: 'Where far sides reach it on the front door.', default: '/http2' }),
    ...limitFields,
  },
  migrations: [],
});
