import type { Message } from './message.ts';

/** Longest text in bytes of UTF-8 (MQTT 5, 1.5.4). */
const MAX_TEXT_BYTES = 65_535;

/** Why no endpoint can carry this content type and these properties. */
export function propertiesProblem({
  contentType,
  properties,
}: Pick<Message, 'contentType' | 'properties'>): string | undefined {
  if (contentType !== undefined && isTooLong(contentType)) return tooLong('the content type');
  for (const name in properties) {
    if (isTooLong(name)) return tooLong('the name of a property');
    if (isTooLong(properties[name]!)) return tooLong(`the property ${name.slice(0, 80)}`);
  }
  return undefined;
}

/** Whether a text is longer than MQTT can say. No character takes more than three bytes for each of its units. */
export function isTooLong(text: string): boolean {
  return text.length * 3 > MAX_TEXT_BYTES && Buffer.byteLength(text) > MAX_TEXT_BYTES;
}

export function tooLong(what: string): string {
  return `${what} exceeds ${MAX_TEXT_BYTES} bytes`;
}
