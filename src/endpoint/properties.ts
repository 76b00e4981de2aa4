import type { Message } from './message.ts';

/** Longest text in bytes of UTF-8 (MQTT 5, 1.5.4). */
const MAX_TEXT_BYTES = 65_535;

/** Why no endpoint can carry this content type and these properties. */
export function propertiesProblem({
  contentType,
  properties,
}: Pick<Message, 'contentType' | 'properties'>): string | undefined {
  const problem = contentType === undefined ? undefined : textProblem('the content type', contentType);
  if (problem !== undefined) return problem;
  for (const name in properties) {
    const wrong =
      textProblem('the name of a property', name) ??
      textProblem(`the property ${name.slice(0, 80)}`, properties[name]!);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/** Why MQTT cannot say a text (MQTT 5, 1.5.4): a broker or a client that gets it ends the connection. */
export function textProblem(what: string, text: string): string | undefined {
  // No character takes more than three bytes for each of its units.
  if (text.length * 3 > MAX_TEXT_BYTES && Buffer.byteLength(text) > MAX_TEXT_BYTES)
    return `${what} exceeds ${MAX_TEXT_BYTES} bytes`;
  if (text.includes('\0')) return `${what} holds a NUL character`;
  return text.isWellFormed() ? undefined : `${what} holds half a surrogate pair`;
}
