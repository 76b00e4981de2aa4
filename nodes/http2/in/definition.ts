import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { configNode } from '../../../src/spec/field.ts';
import { inFields } from '../../adapter/side-fields.ts';
import { routeFields } from './route-fields.ts';

export const definition = define({
  type: 'chartwire-http2-in',
  version: 1,
  category: 'chartwire',
  label: 'http2 in',
  summary:
    'Emits requests for a path, to be answered by http2 response, or messages that arrive through a link or listener.',
  color: colors.http2,
  inputs: 0,
  outputs: 1,
  labelledBy: ['url', 'topic'],
  fields: {
    ...routeFields,
    ...inFields('http2'),
    listener: configNode({
      label: 'Listener',
      hint: 'Where far sides connect to us. For requests, empty: the front door. For messages, choose a link or a listener.',
      nodeType: 'chartwire-http2-listener',
    }),
  },
  migrations: [],
});
