import { defaultLimits } from '../../src/endpoint/limits.ts';
import { choice, number, secret, text } from '../../src/spec/field.ts';
import { payloadTypes } from './payload-type.ts';

/** The limits of every link and listener, as fields. */
export const limitFields = {
  maxPayloadBytes: number({
    label: 'Largest payload',
    hint: 'A larger one is refused, whether it is sent or received.',
    default: defaultLimits.maxPayloadBytes,
    min: 1,
    max: 268_435_456,
    unit: 'bytes',
  }),
  maxInFlight: number({
    label: 'Most under way',
    hint: 'Messages sent and not yet taken over by the far side; more wait.',
    default: defaultLimits.maxInFlight,
    min: 1,
    max: 65_535,
    unit: 'messages',
  }),
  maxWaiting: number({
    label: 'Most waiting',
    hint: 'Messages that may wait for room or for the link to come up; more fail with QUEUE_FULL.',
    default: defaultLimits.maxWaiting,
    min: 0,
    max: 1_000_000,
    unit: 'messages',
  }),
  sendTimeoutMs: number({
    label: 'Longest send',
    hint: 'A message the far side has not taken over by then fails.',
    default: defaultLimits.sendTimeoutMs,
    min: 1,
    max: 3_600_000,
    unit: 'ms',
  }),
};

/** What only the side that connects has: how it comes back, and how long silence may last. */
export const reconnectFields = {
  reconnectFirstMs: number({
    label: 'First pause',
    hint: 'Before the first new try after the connection is lost; each further pause is longer, with jitter.',
    default: defaultLimits.reconnectFirstMs,
    min: 1,
    max: 3_600_000,
    unit: 'ms',
  }),
  reconnectLongestMs: number({
    label: 'Longest pause',
    hint: 'Pauses between tries grow up to this.',
    default: defaultLimits.reconnectLongestMs,
    min: 1,
    max: 3_600_000,
    unit: 'ms',
  }),
  keepAliveMs: number({
    label: 'Longest silence',
    hint: 'After this the far side is taken for gone and the link connects again.',
    default: defaultLimits.keepAliveMs,
    min: 1_000,
    max: 3_600_000,
    unit: 'ms',
  }),
};

/** Whom we trust and who we are. Verification cannot be switched off. */
export const trustFields = {
  ca: text({
    label: 'CA certificate',
    hint: 'PEM text of the CA that signed the far side. Empty: the local CA for an empty address, otherwise the CAs Node.js trusts.',
    multiline: true,
    problem: (value) => (pemBlock.test(value) ? undefined : 'must be a PEM certificate (-----BEGIN CERTIFICATE-----)'),
  }),
  servername: text({
    label: 'Server name',
    hint: "Name to verify in the far side's certificate instead of the host of the address.",
  }),
  cert: secret({
    label: 'Client certificate',
    hint: 'PEM text. Empty: our own certificate for an empty address, otherwise none.',
  }),
  key: secret({ label: 'Client key', hint: 'PEM text of the private key of the client certificate.' }),
};

const pemBlock = /-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/;

/** Address of the far side. */
export const urlField = (scheme: string, example: string) =>
  text({
    label: 'Address',
    hint: `Where the far side is: ${example}. Empty: this Chartwire's own front door, over TLS.`,
    problem: (value) => urlProblem(value, scheme),
  });

/** Why this is no address of that scheme. Credentials do not belong there: addresses are shown and logged. */
export function urlProblem(value: string, scheme: string): string | undefined {
  if (!URL.canParse(value)) return `must be an address like ${scheme}://host`;
  const { protocol, hostname, username, password } = new URL(value);
  if (protocol !== `${scheme}:` || hostname === '') return `must be an address like ${scheme}://host`;
  return username === '' && password === '' ? undefined : 'must not hold a name or a password';
}

/** A path of the front door. */
export const pathField = (words: { hint: string; default: string }) =>
  text({
    label: 'Path',
    ...words,
    required: true,
    problem: (value) =>
      /^(\/[\w.~-]+)+$/.test(value)
        ? undefined
        : 'must be a path like /orders/new, of letters, digits and . _ ~ - between slashes',
  });

/** What an `in` node emits. */
export const datatypeField = choice({
  label: 'Output',
  hint: 'What msg.payload becomes. Detected: by the content type, and without one by what the bytes read as.',
  default: 'auto-detect',
  options: payloadTypes,
});
