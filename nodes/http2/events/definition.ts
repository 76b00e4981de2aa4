import { defaultLimits } from '../../../src/endpoint/limits.ts';
import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { boolean, choice, number, text } from '../../../src/spec/field.ts';
import { reconnectFields } from '../../adapter/link-fields.ts';
import { authorizationFields, clientField, headersField } from '../request-fields.ts';

export const definition = define({
  type: 'chartwire-http2-events',
  version: 1,
  category: 'chartwire',
  label: 'http2 events',
  summary: 'Reads the server-sent events of a web server and goes on after the last one when the connection is lost.',
  color: colors.http2,
  inputs: 0,
  outputs: 1,
  labelledBy: ['url'],
  outputLabels: ['event'],
  fields: {
    client: clientField,
    url: text({
      label: 'Address',
      hint: 'Where the events are: https://host.example/events.',
      required: true,
      problem: (value) =>
        /^https?:\/\/[^/]/.test(value) && URL.canParse(value) ? undefined : 'must be an address like https://host',
    }),
    events: text({
      label: 'Events',
      hint: 'Types that are let through, with commas between. Empty: all.',
    }),
    ret: choice({
      label: 'Output',
      hint: 'What msg.payload becomes.',
      default: 'txt',
      options: { txt: 'text', obj: 'a parsed JSON object' },
    }),
    ...authorizationFields,
    headers: headersField,
    lastEventId: text({
      label: 'Begin after',
      hint: 'Id of the event after which to begin at first. Empty: with whatever comes.',
    }),
    resume: boolean({
      label: 'Resume after a deploy',
      hint: 'Keeps the id of the last event in the context of the node, and goes on after it when the node starts again.',
      default: true,
    }),
    maxEventBytes: number({
      label: 'Largest event',
      hint: 'A longer one ends the connection.',
      default: defaultLimits.maxPayloadBytes,
      min: 64,
      max: 268_435_456,
      unit: 'characters',
    }),
    silenceMs: number({
      label: 'Longest silence',
      hint: 'After this the server is taken for gone and the node connects again.',
      default: 120_000,
      min: 10,
      max: 86_400_000,
      unit: 'ms',
    }),
    reconnectFirstMs: {
      ...reconnectFields.reconnectFirstMs,
      hint: 'Before the first new try, unless the server says how long (retry); each further pause is longer, with jitter.',
    },
    reconnectLongestMs: reconnectFields.reconnectLongestMs,
  },
  migrations: [],
});
