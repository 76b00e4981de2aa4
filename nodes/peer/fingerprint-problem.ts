/** Stands for the fingerprint of this Chartwire itself. */
export const OWN = 'own';

/** Why this is no SHA-256 fingerprint. */
export function fingerprintProblem(text: string): string | undefined {
  if (text === OWN) return undefined;
  return /^([0-9a-f]{2}:?){31}[0-9a-f]{2}$/i.test(text) ? undefined : 'must be a SHA-256 fingerprint: 64 hex digits';
}
