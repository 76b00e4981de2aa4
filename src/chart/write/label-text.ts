/** What ends, begins or changes something inside a quoted label, as the entity that stands for it. */
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['"', '#quot;'],
  ['&', '#amp;'],
  ['<', '#lt;'],
  ['>', '#gt;'],
  ['`', '#96;'],
  ['#', '#35;'],
  ['\\', '#92;'],
  ['%', '#37;'],
]);
const SPECIAL = /["&<>`\\]|%(?=%)|#(?=\w+;)/g;
const PLAIN_LABEL = /^[\p{L}\p{N}][\p{L}\p{N} _,.!?'/+-]*$/u;
const WORD_OF_MERMAID = /\b(?:end|subgraph|graph|flowchart|style|class|click|default)\b/i;

/** A name as the text of a quoted label that reads back as the same name, wherever a name may. */
export const escapedLabel = (name: string): string =>
  name.replace(SPECIAL, (character) => ENTITIES.get(character) ?? character);

/** `"…"` around the escaped name. */
export const quotedLabel = (name: string): string => `"${escapedLabel(name) || ' '}"`;

/** The name without quotes where it needs none and had none before. */
export function labelLike(before: string, name: string): string {
  const bare = !before.trimStart().startsWith('"') && PLAIN_LABEL.test(name) && !WORD_OF_MERMAID.test(name);
  return bare ? name : quotedLabel(name);
}
