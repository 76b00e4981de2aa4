/** A line without the addresses in it, and the word that led to them: for places where there is no room, and no doubt which far side is meant. */
export function withoutAddresses(line: string): string {
  return line.replaceAll(/(?: (?:to|of|from|at))?(^| )[a-z][a-z0-9+]*:\/\/[^\s;,)]+/gi, '').trim();
}
