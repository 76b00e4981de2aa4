import { matches } from '../../src/broker/topic.ts';
import { difference, quantityOf } from './quantity.ts';

/** Whether a value fits a rule with up to two values of its own. */
export type Comparison = (value: unknown, first: unknown, second: unknown) => boolean;

/** The rules by the names the core node switch stores, and `topic`. `ignoreCase` counts for patterns only. */
export function comparisonOf(name: string, ignoreCase: boolean): Comparison {
  return name === 'regex' ? fitsPattern(ignoreCase) : (COMPARISONS[name] ?? (() => false));
}

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  eq: equal,
  neq: (value, first) => !equal(value, first),
  lt: (value, first) => compare(value, first) < 0,
  lte: (value, first) => compare(value, first) <= 0,
  gt: (value, first) => compare(value, first) > 0,
  gte: (value, first) => compare(value, first) >= 0,
  btwn: (value, first, second) => {
    const [one, other] = [compare(value, first), compare(value, second)];
    return (one >= 0 && other <= 0) || (one <= 0 && other >= 0);
  },
  cont: (value, first) => textOf(value).includes(textOf(first)),
  topic: (value, first) => typeof value === 'string' && typeof first === 'string' && matches(first, value),
  hask: (value, first) =>
    value !== undefined && value !== null && typeof first !== 'object' && Object.hasOwn(value, textOf(first)),
  istype: (value, first) => isType(value, textOf(first)),
  true: (value) => value === true,
  false: (value) => value === false,
  null: (value) => value === undefined || value === null,
  nnull: (value) => value !== undefined && value !== null,
  empty: (value) => size(value) === 0,
  nempty: (value) => (size(value) ?? 0) > 0,
  jsonata_exp: (_value, first) => first === true,
};

function equal(value: unknown, first: unknown): boolean {
  // The core node compares loosely: "5" equals 5.
  // oxlint-disable-next-line eqeqeq
  if (value == first) return true;
  return (hasUnit(value) || hasUnit(first)) && compare(value, first) === 0;
}

/** Below, at or above zero; NaN, which fits nothing, when the two cannot be compared. */
function compare(value: unknown, first: unknown): number {
  if (typeof value === 'number' && typeof first === 'number') return value - first;
  if (hasUnit(value) || hasUnit(first)) {
    const [measured, limit] = [quantityOf(value), quantityOf(first)];
    const known = measured && limit && difference(measured, limit);
    if (known !== undefined) return known;
  }
  const [left, right] = [value as number, first as number];
  if (left < right) return -1;
  if (left > right) return 1;
  return left >= right ? 0 : Number.NaN;
}

const hasUnit = (value: unknown): boolean => typeof value === 'string' && (quantityOf(value)?.unit ?? '') !== '';

function fitsPattern(ignoreCase: boolean): Comparison {
  let source: unknown;
  let pattern = /(?:)/;
  return (value, first) => {
    if (first !== source) {
      pattern = new RegExp(textOf(first), ignoreCase ? 'i' : '');
      source = first;
    }
    return pattern.test(textOf(value));
  };
}

/** As the core node makes text of any value. */
// oxlint-disable-next-line typescript/no-base-to-string
const textOf = (value: unknown): string => String(value);

function isType(value: unknown, type: string): boolean {
  switch (type) {
    case 'array':
      return Array.isArray(value);
    case 'buffer':
      return Buffer.isBuffer(value);
    case 'json':
      return isJson(value);
    case 'null':
      return value === null;
    case 'number':
      return typeof value === 'number' && !Number.isNaN(value);
    default:
      return typeof value === type && !Array.isArray(value) && !Buffer.isBuffer(value) && value !== null;
  }
}

function isJson(value: unknown): boolean {
  try {
    JSON.parse(textOf(value));
    return true;
  } catch {
    return false;
  }
}

/** Of text, lists, bytes and objects; nothing else is empty or not. */
function size(value: unknown): number | undefined {
  if (typeof value === 'string' || Array.isArray(value) || Buffer.isBuffer(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : undefined;
}
