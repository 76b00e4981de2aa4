import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { boolean, choice, number, text } from '../../../src/spec/field.ts';
import { authorizationFields, clientField, headersField } from '../request-fields.ts';
import { templateProblem } from './template.ts';

export const definition = define({
  type: 'chartwire-http2-request',
  version: 1,
  category: 'chartwire',
  label: 'http2 request',
  summary: 'Asks a web server, over HTTP/2 where it can, and emits the response.',
  color: colors.http2,
  inputs: 1,
  outputs: 1,
  labelledBy: ['url'],
  inputLabel: 'request',
  outputLabels: ['response'],
  fields: {
    client: clientField,
    method: choice({
      label: 'Method',
      hint: 'What is asked. By the message: msg.method, GET without one.',
      default: 'GET',
      options: {
        GET: 'GET',
        POST: 'POST',
        PUT: 'PUT',
        PATCH: 'PATCH',
        DELETE: 'DELETE',
        HEAD: 'HEAD',
        OPTIONS: 'OPTIONS',
        use: 'by the message',
      },
    }),
    url: text({
      label: 'Address',
      hint: 'Where to ask: https://host.example/things/{{payload.id}}. {{name}} is a property of the message, percent-encoded, {{{name}}} as it is. Empty: msg.url.',
      problem: (value) => {
        if (value.includes('://') && !/^(https?:\/\/|\{\{)/.test(value)) return 'must begin with https:// or http://';
        return templateProblem(value);
      },
    }),
    paytoqs: choice({
      label: 'Payload of a GET',
      hint: 'What becomes of msg.payload when the method is GET. An object makes the query.',
      default: 'ignore',
      options: { ignore: 'nothing', query: 'the query', body: 'the body' },
    }),
    sequence: boolean({
      label: 'Body of a sequence',
      hint: 'Messages with msg.parts are the parts of one body, which is sent as they come.',
      default: false,
    }),
    ...authorizationFields,
    headers: headersField,
    idempotencyKey: boolean({
      label: 'Idempotency key',
      hint: 'Sends POST and PATCH with a key of their own, so that a repeat does no harm where the server knows such keys. msg.idempotencyKey is one given.',
      default: false,
    }),
    followRedirects: boolean({
      label: 'Follow redirects',
      hint: 'Goes where the server leads to. msg.followRedirects comes before it.',
      default: true,
    }),
    decompress: boolean({
      label: 'Compression',
      hint: 'Takes compressed responses (br, zstd, gzip, deflate) and emits them as they were before.',
      default: true,
    }),
    ret: choice({
      label: 'Output',
      hint: 'What msg.payload becomes.',
      default: 'txt',
      options: { txt: 'text', bin: 'a buffer', obj: 'a parsed JSON object' },
    }),
    emit: choice({
      label: 'Emits',
      hint: 'One message; or many with msg.parts, while the response comes: its chunks as they are, or its lines.',
      default: 'whole',
      options: { whole: 'the response', chunks: 'chunk by chunk', lines: 'line by line' },
    }),
    senderr: boolean({
      label: 'Errors only to Catch',
      hint: 'Off: a message whose request failed also goes on, with the error in msg.payload and its code in msg.statusCode.',
      default: true,
    }),
    statusErrors: boolean({
      label: 'Statuses as errors',
      hint: 'A response with a status of 400 or more is an error (FAR_SIDE_REFUSED). Off: it is emitted like any other.',
      default: false,
    }),
    requestTimeoutMs: number({
      label: 'Longest request',
      hint: 'Repeats and redirects included. msg.requestTimeout comes before it. 0: httpRequestTimeout of settings.js, 120 s without one.',
      default: 0,
      min: 0,
      max: 86_400_000,
      unit: 'ms',
    }),
  },
  migrations: [],
});
