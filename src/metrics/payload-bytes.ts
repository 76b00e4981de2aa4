/** Values looked at in one payload: a figure for a chart is not worth more. */
const MOST_VALUES = 1_000;
const NUMBER_BYTES = 8;

/** About how many bytes a payload holds: exact for bytes, near for text, an estimate for anything else, and never slow. */
export function payloadBytes(payload: unknown): number {
  let bytes = 0;
  let left = MOST_VALUES;
  const waiting = [payload];
  const seen = new Set<object>();
  while (waiting.length > 0 && left > 0) {
    left -= 1;
    const value = waiting.pop();
    if (typeof value === 'string') bytes += value.length;
    else if (typeof value === 'number' || typeof value === 'bigint') bytes += NUMBER_BYTES;
    else if (typeof value === 'boolean') bytes += 1;
    else if (value instanceof Uint8Array) bytes += value.byteLength;
    else if (typeof value === 'object' && value !== null && !seen.has(value)) {
      seen.add(value);
      if (Array.isArray(value)) for (let at = 0; at < Math.min(value.length, left); at += 1) waiting.push(value[at]);
      else bytes += pushFields(value, waiting, left);
    }
  }
  return bytes;
}

/** The names of the fields count too. */
function pushFields(value: object, waiting: unknown[], most: number): number {
  let names = 0;
  let count = 0;
  for (const name in value) {
    if (count === most) break;
    if (!Object.hasOwn(value, name)) continue;
    count += 1;
    names += name.length;
    waiting.push(Reflect.get(value, name));
  }
  return names;
}
