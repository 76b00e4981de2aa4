import { choice, number, secret, text } from '../../src/spec/field.ts';

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/;
const pemProblem = (value: string): string | undefined =>
  PEM.test(value) ? undefined : 'must be a PEM certificate (-----BEGIN CERTIFICATE-----)';

/** Where a listener stands. */
export const placeFields = {
  port: number({
    label: 'Port',
    hint: 'A port of its own. 0: the front door of this Chartwire.',
    default: 0,
    min: 0,
    max: 65_535,
    unit: '',
  }),
  host: text({
    label: 'Host',
    hint: 'Address of its own port: 127.0.0.1 for this machine, 0.0.0.0 for every network.',
    default: '127.0.0.1',
    required: true,
  }),
  transport: choice({
    label: 'Transport',
    hint: 'Of its own port. Plain takes HTTP/2 by prior knowledge and HTTP/1.1, both without encryption.',
    default: 'tls',
    options: { tls: 'TLS', plain: 'plain, for this machine only', open: 'plain, for every network' },
  }),
  cert: text({
    label: 'Certificate',
    hint: 'PEM text, for its own port. Empty: a certificate of the CA of this Chartwire.',
    multiline: true,
    problem: pemProblem,
  }),
  key: secret({ label: 'Key', hint: 'PEM text of the private key of the certificate.' }),
  clientCa: text({
    label: 'CA of clients',
    hint: 'PEM text: whose certificates are identities on its own port. Empty: those of the CA of this Chartwire.',
    multiline: true,
    problem: pemProblem,
  }),
};
