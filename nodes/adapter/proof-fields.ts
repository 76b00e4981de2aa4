import { number, secret, text } from '../../src/spec/field.ts';
import { keysFieldProblem } from './keys-problem.ts';

/** Whom a listener lets in. */
export const callerOptions = {
  certificate: 'who has a certificate of our CA',
  basic: 'who has a name and a password',
  bearer: 'who has a token',
  any: 'who has one of these',
  everybody: 'everybody',
} as const;

/** What callers prove who they are with. */
export const proofFields = {
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
};
