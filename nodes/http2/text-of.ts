/** A value as the text of a header, a cookie or an address: an object as JSON, nothing for what is not there. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (Buffer.isBuffer(value)) return value.toString();
  return JSON.stringify(value) ?? '';
}
