import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { text } from '../../../src/spec/field.ts';
import { limitFields } from '../../adapter/link-fields.ts';
import { placeFields } from '../../adapter/place-fields.ts';
import { callerFields } from './caller-fields.ts';
import { requestFields } from './request-fields.ts';

export const definition = define({
  type: 'chartwire-http2-listener',
  version: 1,
  category: 'config',
  label: 'http2 listener',
  summary: 'Takes requests and messages over HTTP/2 and HTTP/1.1, at a path of the front door or on a port of its own.',
  color: colors.http2,
  inputs: 0,
  outputs: 0,
  labelledBy: ['path'],
  fields: {
    path: text({
      label: 'Path',
      hint: 'Below it stands all that this listener serves. / is the whole address.',
      default: '/http2',
      required: true,
      problem: (value) =>
        value === '/' || /^(\/[\w.~-]+)+$/.test(value)
          ? undefined
          : 'must be a path like /orders/new, of letters, digits and . _ ~ - between slashes',
    }),
    ...placeFields,
    ...callerFields,
    ...requestFields,
    ...limitFields,
  },
  migrations: [],
});
