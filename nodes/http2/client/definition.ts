import { defaultClientLimits as defaults } from '../../../src/http/client/limits.ts';
import { colors } from '../../../src/spec/colors.ts';
import { define } from '../../../src/spec/definition.ts';
import { boolean, choice, number, secret, text } from '../../../src/spec/field.ts';
import { trustFields } from '../../adapter/link-fields.ts';

const ms = (label: string, hint: string, standard: number, min = 1) =>
  number({ label, hint, default: standard, min, max: 86_400_000, unit: 'ms' });

export const definition = define({
  type: 'chartwire-http2-client',
  version: 1,
  category: 'config',
  label: 'http2 client',
  summary: 'How requests are sent: protocol, certificates, proxy and limits.',
  color: colors.http2,
  inputs: 0,
  outputs: 0,
  fields: {
    protocol: choice({
      label: 'Protocol',
      hint: 'HTTP/2 where the server has it, else HTTP/1.1; or one of them only. HTTP/2 only also means http:// by prior knowledge.',
      default: 'auto',
      options: { auto: 'HTTP/2, else HTTP/1.1', h2: 'HTTP/2 only', 'http/1.1': 'HTTP/1.1 only' },
    }),
    persist: boolean({
      label: 'Keep connections',
      hint: 'Uses a connection again for the next request. Off: a connection for each.',
      default: true,
    }),
    insecureHTTPParser: boolean({
      label: 'Lenient parser',
      hint: 'Takes responses of HTTP/1.1 that break its rules. They may be read otherwise than they were meant.',
      default: false,
    }),
    ca: { ...trustFields.ca, hint: 'PEM text of the CA that signed the servers. Empty: the CAs Node.js trusts.' },
    servername: { ...trustFields.servername, hint: "Name to verify in the server's certificate instead of its host." },
    cert: { ...trustFields.cert, hint: 'PEM text. Empty: none.' },
    key: trustFields.key,
    pfx: secret({ label: 'PKCS #12', hint: 'Certificate and key in one file, as Base64, instead of the two above.' }),
    passphrase: secret({ label: 'Passphrase', hint: 'Of the key, or of the PKCS #12 file.' }),
    ownIdentity: boolean({
      label: 'Our own CA',
      hint: 'Trusts the CA of this Chartwire, and shows our own certificate: for its own front door and its edge hosts.',
      default: false,
    }),
    allowUnverified: boolean({
      label: 'Unverified on demand',
      hint: 'A message with rejectUnauthorized false may go to a server with any certificate. Off: such a message fails.',
      default: false,
    }),
    proxy: text({
      label: 'Proxy',
      hint: 'Address of an HTTP proxy to go through, or "none". Empty: as the environment says (http_proxy, https_proxy, all_proxy, no_proxy).',
      problem: (value) =>
        value === 'none' || (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol))
          ? undefined
          : 'must be "none" or an address like http://proxy.example:3128',
    }),
    noproxy: text({
      label: 'Not through the proxy',
      hint: 'Hosts that are reached without it, with commas between: example.com, .below.example, host:8080.',
    }),
    proxyUser: secret({ label: 'Proxy user', hint: 'Name the proxy knows us by, when it asks for one.' }),
    proxyPassword: secret({ label: 'Proxy password', hint: 'Password of that user.' }),
    maxInFlight: number({
      label: 'Most under way',
      hint: 'Requests to one server at once; more wait. Over HTTP/1.1 each needs a connection of its own.',
      default: defaults.maxInFlight,
      min: 1,
      max: 65_535,
      unit: 'requests',
    }),
    maxWaiting: number({
      label: 'Most waiting',
      hint: 'Requests to one server that may wait for room; more fail with QUEUE_FULL.',
      default: defaults.maxWaiting,
      min: 0,
      max: 1_000_000,
      unit: 'requests',
    }),
    maxResponseBytes: number({
      label: 'Largest response',
      hint: 'A larger one fails, counted as it is after decompression. Responses taken chunk by chunk have no limit.',
      default: defaults.maxResponseBytes,
      min: 1,
      max: 2_147_483_647,
      unit: 'bytes',
    }),
    maxHeaderBytes: number({
      label: 'Largest header section',
      hint: 'A response with more fails.',
      default: defaults.maxHeaderBytes,
      min: 1_024,
      max: 16_777_216,
      unit: 'bytes',
    }),
    maxRedirects: number({
      label: 'Most redirects',
      hint: 'How often one request may be led on.',
      default: defaults.maxRedirects,
      min: 0,
      max: 1_000,
      unit: 'redirects',
    }),
    connectTimeoutMs: ms(
      'Longest connect',
      'Until there is a connection, proxy and TLS included.',
      defaults.connectTimeoutMs,
    ),
    headersTimeoutMs: ms(
      'Longest wait for a response',
      'From the request, or the last part of its body, to the first line of its response.',
      defaults.headersTimeoutMs,
    ),
    bodyTimeoutMs: ms('Longest pause', 'Between two parts of a response.', defaults.bodyTimeoutMs),
    keepAliveMs: ms(
      'Longest silence',
      'Of an HTTP/2 connection with requests under way: one that does not even answer a PING is taken for gone.',
      defaults.keepAliveMs,
      10,
    ),
    idleTimeoutMs: ms('Idle connections', 'How long a connection that nobody uses is kept.', defaults.idleTimeoutMs),
    maxRetries: number({
      label: 'Repeats',
      hint: 'How often a request that may be repeated is repeated: when it surely was not processed, or when its method, or its idempotency key, makes a repeat harmless.',
      default: defaults.maxRetries,
      min: 0,
      max: 100,
      unit: 'times',
    }),
    retryFirstMs: ms(
      'First pause',
      'Before the first repeat; each further pause is longer, with jitter.',
      defaults.retryFirstMs,
    ),
    retryLongestMs: ms(
      'Longest pause before a repeat',
      'A server that asks for a longer one (Retry-After) has its response taken as it is.',
      defaults.retryLongestMs,
    ),
    breakerFailures: number({
      label: 'Failures that stop',
      hint: 'After so many in a row a server is left alone for a while, and requests to it fail at once. 0: never.',
      default: defaults.breakerFailures,
      min: 0,
      max: 1_000_000,
      unit: 'failures',
    }),
    breakerFirstMs: ms(
      'First rest',
      'How long it is left alone at first; then one request tries it.',
      defaults.breakerFirstMs,
    ),
    breakerLongestMs: ms('Longest rest', 'Rests double up to this.', defaults.breakerLongestMs),
  },
  migrations: [],
});
