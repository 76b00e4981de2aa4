import type { ErrorObject } from 'ajv';

const LONGEST_VALUE = 40;

/** One line for one schema error: where (JSON pointer, RFC 6901), what must be, and what stands there. */
export function problemText(error: ErrorObject): string {
  const place = error.instancePath === '' ? 'the value' : error.instancePath;
  return `${place} ${demand(error)}${found(error)}`;
}

function demand(error: ErrorObject): string {
  const { allowedValues, allowedValue, additionalProperty, unevaluatedProperty, propertyName } = error.params;
  if (Array.isArray(allowedValues)) return `must be one of ${allowedValues.map(shown).join(', ')}`;
  if (error.keyword === 'const') return `must be ${shown(allowedValue)}`;
  const surplus: unknown = additionalProperty ?? unevaluatedProperty;
  if (surplus !== undefined) return `must not have property ${shown(surplus)}`;
  if (propertyName !== undefined) return `must not have a property named ${shown(propertyName)}`;
  return error.message ?? `breaks "${error.keyword}"`;
}

function found({ data, keyword }: ErrorObject): string {
  if (keyword === 'required' || keyword === 'false schema') return '';
  if (data === null || ['string', 'number', 'boolean'].includes(typeof data)) return ` (is ${shown(data)})`;
  if (keyword !== 'type' || data === undefined) return '';
  return Array.isArray(data) ? ' (is an array)' : ' (is an object)';
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}
