import { keysFieldProblem } from './keys-problem.ts';
import { boolean, choice, number, secret, text } from '../../../src/spec/field.ts';

/** Who may ask, and how it is found out who asks. */
export const callerFields = {
  callers: choice({
    label: 'Who may ask',
    hint: 'For requests; each http2 in node can say something else. Messages are taken from certificates only.',
    default: 'certificate',
    options: {
      certificate: 'who has a certificate of our CA',
      basic: 'who has a name and a password',
      bearer: 'who has a token',
      any: 'who has one of these',
      everybody: 'everybody',
    },
  }),
  users: secret({ label: 'Users', hint: 'name:password, with spaces between users.' }),
  tokens: secret({ label: 'Tokens', hint: 'name:token for callers with a fixed token, with spaces between them.' }),
  keys: text({
    label: 'Keys of tokens',
    hint: 'Address of the JSON Web Key Set whose keys sign JWTs, or that set itself.',
    multiline: true,
    problem: keysFieldProblem,
  }),
  issuer: text({ label: 'Issuer', hint: 'Required iss of a JWT. Empty: any.' }),
  audience: text({ label: 'Audience', hint: 'Required aud of a JWT. Empty: any.' }),
  clockToleranceSeconds: number({
    label: 'Clock tolerance',
    hint: 'Difference between the clocks of the issuer and ours that is forgiven.',
    default: 5,
    min: 0,
    max: 3_600,
    unit: 's',
  }),
  corsOrigins: text({
    label: 'Pages of other origins',
    hint: 'Origins whose pages may ask, with commas between them, or * for all. Empty: only pages of this address.',
    problem: (value) =>
      value.split(',').every((origin) => /^(\*|[a-z][a-z\d+.-]*:\/\/[^\s/,]+)$/.test(origin.trim()))
        ? undefined
        : 'must be origins like https://app.example, or *',
  }),
  corsCredentials: boolean({
    label: 'With credentials',
    hint: 'Browsers send cookies and certificates along. Not for *.',
    default: false,
  }),
  corsMaxAgeSeconds: number({
    label: 'Preflight kept',
    hint: 'For how long a browser need not ask again whether it may.',
    default: 600,
    min: 0,
    max: 86_400,
    unit: 's',
  }),
};
