import { boolean, choice, number, text } from '../../../src/spec/field.ts';
import { callerOptions, proofFields } from '../../adapter/proof-fields.ts';

/** Who may ask, and how it is found out who asks. */
export const callerFields = {
  callers: choice({
    label: 'Who may ask',
    hint: 'For requests; each http2 in node can say something else. Messages are taken from certificates only.',
    default: 'certificate',
    options: callerOptions,
  }),
  ...proofFields,
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
