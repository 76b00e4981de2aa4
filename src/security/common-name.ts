/** The upper bound of the attribute (RFC 5280, A.1, ub-common-name). */
const COMMON_NAME_LENGTH = 64;

/** Why a text cannot be the identity in a certificate. */
export function commonNameProblem(name: string): string | undefined {
  if (name === '') return 'the name is empty';
  if (name.length > COMMON_NAME_LENGTH) return `the name is longer than ${COMMON_NAME_LENGTH} characters`;
  return /^[\w.:@-]+$/.test(name) ? undefined : 'the name holds other characters than letters, digits and . : @ _ -';
}
