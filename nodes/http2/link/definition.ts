import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { boolean } from '../../../src/spec/field.ts';
import { limitFields, pathField, reconnectFields, trustFields, urlField } from '../../adapter/link-fields.ts';

export const definition = define({
  type: 'chartwire-http2-link',
  version: 1,
  category: 'config',
  label: 'http2 link',
  summary: 'How to reach an HTTP/2 service, over TLS.',
  color: colors.http2,
  inputs: 0,
  outputs: 0,
  labelledBy: ['url'],
  fields: {
    url: urlField('https', 'https://host.example/path'),
    path: pathField({
      hint: 'Path of our own front door, for an empty address: that of the listener to reach.',
      default: '/http2',
    }),
    events: boolean({
      label: 'Far side sends too',
      hint: 'Reads the events of the far side. Off: for a plain web service that only takes requests.',
      default: true,
    }),
    ...trustFields,
    ...limitFields,
    ...reconnectFields,
  },
  migrations: [],
});
