/** What an `in` node makes of the bytes that arrive. The names are those of the core `mqtt in` node. */
export const payloadTypes = {
  'auto-detect': 'detected: a parsed JSON object, text or a buffer',
  buffer: 'a buffer',
  utf8: 'text',
  json: 'a parsed JSON object',
  base64: 'text in Base64',
} as const;

export type PayloadType = keyof typeof payloadTypes;
