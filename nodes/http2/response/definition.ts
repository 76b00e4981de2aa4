import { isRecord } from '../../../src/is-record.ts';
import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { choice, number, rows, text } from '../../../src/spec/field.ts';

export const definition = define({
  type: 'chartwire-http2-response',
  version: 2,
  category: 'chartwire',
  label: 'http2 response',
  summary: 'Answers requests of http2 in: whole, in parts as they come, or as a stream of events.',
  color: colors.http2,
  inputs: 1,
  outputs: 0,
  align: 'right',
  fields: {
    mode: choice({
      label: 'Answers',
      hint: 'With one message, with one message for each part, or with events for all who listen.',
      default: 'whole',
      options: { whole: 'whole', parts: 'in parts, until msg.complete', events: 'with server-sent events' },
    }),
    statusCode: text({
      label: 'Status code',
      hint: 'Of every answer. Empty: msg.statusCode, and without one 200.',
      problem: (value) => (/^[2-5]\d\d$/.test(value) ? undefined : 'must be a status from 200 to 599'),
    }),
    headers: rows({
      label: 'Headers',
      hint: 'Of every answer; they win over msg.headers.',
      columns: { name: { label: 'Name' }, value: { label: 'Value' } },
    }),
    maxWaitingBytes: number({
      label: 'Most waiting',
      hint: 'In parts and events: bytes that may wait for a client that reads too slowly; with more it is cut off.',
      default: 1_048_576,
      min: 1,
      max: 1_073_741_824,
      unit: 'bytes',
    }),
    maxReaders: number({
      label: 'Most readers',
      hint: 'Of events at once; more get 503.',
      default: 1_000,
      min: 1,
      max: 1_000_000,
      unit: 'readers',
    }),
    history: number({
      label: 'Events kept',
      hint: 'For readers that come back with the id of the last event they saw.',
      default: 100,
      min: 0,
      max: 1_000_000,
      unit: 'events',
    }),
    retryMs: number({
      label: 'Retry',
      hint: 'What readers of events are told to wait before they come back.',
      default: 2_000,
      min: 0,
      max: 3_600_000,
      unit: 'ms',
    }),
    keepAliveMs: number({
      label: 'Sign of life',
      hint: 'Readers get a comment so often, so that nobody on the way takes a quiet stream for dead.',
      default: 15_000,
      min: 100,
      max: 3_600_000,
      unit: 'ms',
    }),
  },
  migrations: [
    {
      to: 2,
      // The core http response node keeps its headers as a record.
      up: ({ headers, ...settings }) => ({
        ...settings,
        ...(isRecord(headers)
          ? { headers: Object.entries(headers).map(([name, value]) => ({ name, value: String(value) })) }
          : headers !== undefined && { headers }),
      }),
    },
  ],
});
