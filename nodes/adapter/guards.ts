import { byToken } from '../../src/http/bearer.ts';
import { byAnyOf, byCertificate, byPassword, everybody, type Guard } from '../../src/http/guard.ts';
import { Fault } from '../../src/fault.ts';
import type { SettingsOf } from '../../src/spec/field.ts';
import type { callerOptions, proofFields } from './proof-fields.ts';

export type Callers = keyof typeof callerOptions;

/** The guards a listener's settings make, each made once. Throws SETTINGS_INVALID for one that nobody could pass. */
export function guardsOf(settings: SettingsOf<typeof proofFields>, realm: string): (callers: Callers) => Guard {
  const users = pairsOf(settings.users, 'Users');
  const tokens = pairsOf(settings.tokens, 'Tokens');
  const hasTokens = tokens.size > 0 || settings.keys !== '';
  const made = new Map<Callers, Guard>();
  const make = (callers: Callers): Guard => {
    switch (callers) {
      case 'everybody':
        return everybody;
      case 'certificate':
        return byCertificate;
      case 'basic':
        if (users.size === 0) throw missing('Users');
        return byPassword(users, realm);
      case 'bearer':
        if (!hasTokens) throw missing('Tokens or Keys of tokens');
        return byToken({ ...settings, tokens });
      case 'any':
        return byAnyOf([
          byCertificate,
          ...(users.size > 0 ? [byPassword(users, realm)] : []),
          ...(hasTokens ? [byToken({ ...settings, tokens })] : []),
        ]);
    }
  };
  return (callers) => {
    const guard = made.get(callers) ?? make(callers);
    made.set(callers, guard);
    return guard;
  };
}

/** `name:secret name:secret`; a name or secret with spaces is percent-encoded. */
function pairsOf(text: string, label: string): Map<string, string> {
  const words = text.split(/\s+/).filter((word) => word !== '');
  return new Map(
    words.map((word) => {
      const colon = word.indexOf(':');
      if (colon < 1 || colon === word.length - 1) {
        throw new Fault('SETTINGS_INVALID', { problems: `${label} must be name:secret, with spaces between them` });
      }
      return [decodeURIComponent(word.slice(0, colon)), decodeURIComponent(word.slice(colon + 1))];
    }),
  );
}

const missing = (label: string): Fault =>
  new Fault('SETTINGS_INVALID', { problems: `fill in ${label} of the listener, or say that others may ask` });
