/** User properties as the core nodes have them: a text by its name, or a list of texts where a name came several times. */
export function textsByName(
  pairs: readonly (readonly [name: string, value: string])[],
): Record<string, string | string[]> {
  const texts = new Map<string, string | string[]>();
  for (const [name, value] of pairs) {
    const before = texts.get(name);
    texts.set(name, before === undefined ? value : [before, value].flat());
  }
  // A property of that name would change whatever it is copied to.
  texts.delete('__proto__');
  return Object.fromEntries(texts);
}
