import { boolean, number, text } from '../../../src/spec/field.ts';

/** Limits of requests, and what is done to answers. */
export const requestFields = {
  maxOpen: number({
    label: 'Most open requests',
    hint: 'Requests that are read or wait for the flow; more get 503.',
    default: 1_000,
    min: 1,
    max: 1_000_000,
    unit: 'requests',
  }),
  maxPerSecond: number({
    label: 'Most of one address',
    hint: 'More get 429. 0: any number.',
    default: 0,
    min: 0,
    max: 1_000_000,
    unit: 'requests/s',
  }),
  bodyTimeoutMs: number({
    label: 'Time for a body',
    hint: 'A request that is not whole by then gets 408; a large one has more time, see Slowest body.',
    default: 10_000,
    min: 1,
    max: 3_600_000,
    unit: 'ms',
  }),
  minBodyBytesPerSecond: number({
    label: 'Slowest body',
    hint: 'For each so many bytes that have come, a body may take a second longer. 0: never longer.',
    default: 16_384,
    min: 0,
    max: 1_000_000_000,
    unit: 'bytes/s',
  }),
  answerTimeoutMs: number({
    label: 'Time for an answer',
    hint: 'A request the flow has not answered by then gets 504.',
    default: 30_000,
    min: 1,
    max: 3_600_000,
    unit: 'ms',
  }),
  maxUploadBytes: number({
    label: 'Largest upload',
    hint: 'All of a form with files; a larger one gets 413.',
    default: 52_428_800,
    min: 1,
    max: 1_099_511_627_776,
    unit: 'bytes',
  }),
  maxFiles: number({
    label: 'Most files',
    hint: 'Of one upload.',
    default: 10,
    min: 1,
    max: 10_000,
    unit: 'files',
  }),
  uploadFolder: text({
    label: 'Upload folder',
    hint: 'Where files of forms are until the request is over. Empty: a folder of this Chartwire.',
  }),
  compressFromBytes: number({
    label: 'Compress from',
    hint: 'Answers of this size or more are compressed for clients that take br, zstd or gzip. 0: never.',
    default: 1_024,
    min: 0,
    max: 268_435_456,
    unit: 'bytes',
  }),
  entityTags: boolean({
    label: 'Entity tags',
    hint: 'Adds an ETag to what is read, and answers 304 to who has it already.',
    default: true,
  }),
  openApiPath: text({
    label: 'OpenAPI document',
    hint: 'Path below that of the listener where the document of all its requests is. Empty: none.',
    default: '/openapi.json',
    problem: (value) => (value.startsWith('/') ? undefined : 'must begin with /'),
  }),
  middleware: text({
    label: 'Middleware',
    hint: 'A module that exports functions or routers for Express 5; they see each request first. Empty: none.',
  }),
};
