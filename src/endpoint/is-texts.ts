import { isRecord } from '../is-record.ts';

/** True for a JSON object of texts only. `__proto__` is refused: a property of that name would change whatever it is copied to. */
export function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return (
    isRecord(value) &&
    !Object.hasOwn(value, '__proto__') &&
    Object.values(value).every((text) => typeof text === 'string')
  );
}
