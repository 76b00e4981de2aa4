/** The values of a form or a query: text, lists of it, and records where a name holds brackets. */
export type FormValue = string | FormValue[] | { [name: string]: FormValue };
export type FormFields = { [name: string]: FormValue };

/** Names and values more than these are refused: what reads them was not made for so many. */
const MAX_FIELDS = 1_000;
const MAX_DEPTH = 5;
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** Too much, or what is no form. */
export class FormError extends Error {}

/**
 * Reads `a=1&b[c]=2&d[]=3&d[]=4` (application/x-www-form-urlencoded, WHATWG URL 5.1) with the brackets Express knows. A
 * name that comes twice makes a list. Throws {@link FormError}.
 */
export function parseForm(text: string): FormFields {
  const fields: FormFields = {};
  if (text === '') return fields;
  const parts = text.split('&', MAX_FIELDS + 1);
  if (parts.length > MAX_FIELDS) throw new FormError(`it holds more than ${MAX_FIELDS} fields`);
  for (const part of parts) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = equals === -1 ? part : part.slice(0, equals);
    addField(fields, decode(name), equals === -1 ? '' : decode(part.slice(equals + 1)));
  }
  return fields;
}

/** Adds one field the way {@link parseForm} does. */
export function addField(fields: FormFields, name: string, value: string): void {
  const open = name.indexOf('[');
  const keys =
    open < 1 || !name.endsWith(']') ? [name] : [name.slice(0, open), ...name.slice(open + 1, -1).split('][')];
  if (keys.length > MAX_DEPTH) throw new FormError(`a name is more than ${MAX_DEPTH} deep`);
  if (keys.some((key) => FORBIDDEN.has(key))) return;
  let inside: FormFields | FormValue[] = fields;
  for (const [index, key] of keys.entries()) {
    const isLast = index === keys.length - 1;
    const known: FormValue | undefined = read(inside, key);
    if (isLast) {
      if (known === undefined) write(inside, key, value);
      else if (Array.isArray(known)) known.push(value);
      else if (typeof known === 'string') write(inside, key, [known, value]);
      return;
    }
    const next: FormFields | FormValue[] =
      typeof known === 'object' ? known : keys[index + 1] === '' ? [] : ({} satisfies FormFields);
    if (next !== known) write(inside, key, next);
    inside = next;
  }
}

function read(inside: FormFields | FormValue[], key: string): FormValue | undefined {
  if (Array.isArray(inside)) return /^\d{1,3}$/.test(key) ? inside[Number(key)] : undefined;
  return Object.hasOwn(inside, key) ? inside[key] : undefined;
}

function write(inside: FormFields | FormValue[], key: string, value: FormValue): void {
  if (!Array.isArray(inside)) inside[key] = value;
  else inside.push(value);
}

function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
