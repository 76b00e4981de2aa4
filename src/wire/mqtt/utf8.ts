import { isUtf8 } from 'node:buffer';

/** True for a string as MQTT wants it (MQTT 5.0 section 1.5.4): UTF-8 without overlong forms, surrogates and U+0000. */
export function isMqttString(bytes: Buffer, start: number, end: number): boolean {
  const firstOther = asciiEnd(bytes, start, end);
  if (firstOther === end) return true;
  if (bytes[firstOther] === 0) return false;
  const rest = bytes.subarray(firstOther, end);
  return isUtf8(rest) && !rest.includes(0);
}

/** Text of bytes that `isMqttString` has passed; U+FEFF stays. */
export function textOf(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('utf8', start, end);
}

/** Index of the first byte that is NUL or not ASCII; `end` when there is none. */
function asciiEnd(bytes: Buffer, start: number, end: number): number {
  for (let index = start; index < end; index += 1) {
    const byte = bytes[index]!;
    if (byte === 0 || byte > 0x7f) return index;
  }
  return end;
}
