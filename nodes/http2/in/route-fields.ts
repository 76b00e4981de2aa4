import { boolean, choice, json, number, text } from '../../../src/spec/field.ts';

const schemaFieldProblem = (value: unknown): string | undefined =>
  typeof value === 'boolean' || (typeof value === 'object' && value !== null && !Array.isArray(value))
    ? undefined
    : 'must be a JSON Schema: an object, true or false';

/** Which requests a node takes; names and values are those of the core http in node, so that its flows can be taken over. */
export const routeFields = {
  method: choice({
    label: 'Method',
    hint: 'Of the requests it takes. GET takes HEAD too.',
    default: 'get',
    options: {
      get: 'GET',
      head: 'HEAD',
      post: 'POST',
      put: 'PUT',
      patch: 'PATCH',
      delete: 'DELETE',
      options: 'OPTIONS',
      any: 'any',
    },
  }),
  url: text({
    label: 'Path of requests',
    hint: 'Below that of the listener, with places like /users/:name. Empty: takes messages, not requests.',
    problem: (value) =>
      /[?#\s]/.test(value.replaceAll(/\?(?=\/|$)|\([^)]*\)/g, '')) ? 'must not hold ?, # or spaces' : undefined,
  }),
  upload: boolean({
    label: 'Takes files',
    hint: 'Files of multipart forms go to disk and are msg.req.files until the request is over.',
    default: false,
  }),
  skipBodyParsing: boolean({
    label: 'Raw body',
    hint: 'msg.payload is the bytes of the body, whatever its content type.',
    default: false,
  }),
  bodyAs: choice({
    label: 'Body',
    hint: 'Whole; or while it still comes, for bodies too large to hold: as one stream, or with a message for each part.',
    default: 'whole',
    options: { whole: 'whole', stream: 'as a stream', parts: 'in parts, the last with msg.complete' },
  }),
  maxBodyBytes: number({
    label: 'Largest body',
    hint: 'A larger one gets 413. 0: as the listener says, for streams and parts its largest upload.',
    default: 0,
    min: 0,
    max: 1_099_511_627_776,
    unit: 'bytes',
  }),
  maxPerSecond: number({
    label: 'Most of one address',
    hint: 'More get 429 and are told when to come back. 0: as the listener says.',
    default: 0,
    min: 0,
    max: 1_000_000,
    unit: 'requests/s',
  }),
  bodyTimeoutMs: number({
    label: 'Time for a body',
    hint: 'A request that is not whole by then gets 408; in streams and parts, of which no more comes for so long. 0: as the listener says.',
    default: 0,
    min: 0,
    max: 3_600_000,
    unit: 'ms',
  }),
  answerTimeoutMs: number({
    label: 'Time for an answer',
    hint: 'A request the flow has not answered by then gets 504. 0: as the listener says.',
    default: 0,
    min: 0,
    max: 3_600_000,
    unit: 'ms',
  }),
  callers: choice({
    label: 'Who may ask',
    hint: 'Where this request differs from its listener.',
    default: 'listener',
    options: {
      listener: 'as the listener says',
      certificate: 'who has a certificate of our CA',
      basic: 'who has a name and a password',
      bearer: 'who has a token',
      any: 'who has one of these',
      everybody: 'everybody',
    },
  }),
  identities: text({
    label: 'Identities',
    hint: 'Names that may ask, with commas between them. Empty: all who may ask.',
  }),
  scope: text({ label: 'Scope', hint: 'Scope the token must have. Empty: none.' }),
  description: text({ label: 'Description', hint: 'In the OpenAPI document.', multiline: true }),
  requestSchema: json({
    label: 'Schema of the body',
    hint: 'JSON Schema; a body that does not follow it gets 400.',
    problem: schemaFieldProblem,
  }),
  responseSchema: json({
    label: 'Schema of the answer',
    hint: 'JSON Schema, for the OpenAPI document.',
    problem: schemaFieldProblem,
  }),
};
