/** Why this can be neither the address of a key set nor one; the form runs in a browser, so the keys are not looked at. */
export function keysFieldProblem(value: string): string | undefined {
  if (value.trim().startsWith('{')) {
    try {
      JSON.parse(value);
      return undefined;
    } catch {
      return 'must be an https address or a JSON Web Key Set';
    }
  }
  if (!URL.canParse(value)) return 'must be an https address or a JSON Web Key Set';
  const { protocol, hostname } = new URL(value);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && hostname === '127.0.0.1');
  return isSafe ? undefined : 'must be an https address or a JSON Web Key Set';
}
