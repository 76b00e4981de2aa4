import { Ajv, type Options, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Fault } from '../fault.ts';
import { formats } from './formats.ts';
import { problemText } from './problem-text.ts';

/** A compiled JSON Schema. */
export interface Schema {
  /** The first problem of the value with its path, as `/temperatureC must be <= 60 (is 99)`, or undefined when it is valid. */
  validate(value: unknown): string | undefined;
}

/** What is wrong with a schema itself, or undefined. Takes draft-07 (the default) and 2020-12, told apart by `$schema`. */
export function schemaProblem(schema: unknown): string | undefined {
  const compiled = compiledOrProblem(schema);
  return typeof compiled === 'string' ? compiled : undefined;
}

/** Compiles a schema; the same schema text again is free. Throws SETTINGS_INVALID: ask {@link schemaProblem} first. */
export function compileSchema(schema: unknown): Schema {
  const compiled = compiledOrProblem(schema);
  if (typeof compiled === 'string') throw new Fault('SETTINGS_INVALID', { problems: compiled });
  return compiled;
}

/** Each compiled schema is code that lives as long as it is kept here. */
const MAX_KEPT = 64;
const kept = new Map<string, Schema | string>();

const options: Options = {
  strict: true,
  strictTypes: false,
  strictTuples: false,
  strictRequired: false,
  allowUnionTypes: true,
  ownProperties: true,
  verbose: true,
  logger: false,
  formats: { ...formats },
};

function compiledOrProblem(schema: unknown): Schema | string {
  if (typeof schema !== 'boolean' && (typeof schema !== 'object' || schema === null || Array.isArray(schema))) {
    return 'the schema must be an object, true or false';
  }
  let text: string;
  try {
    text = JSON.stringify(schema);
  } catch (error) {
    return `the schema has no JSON form: ${reasonOf(error)}`;
  }
  const found = kept.get(text) ?? compile(JSON.parse(text));
  kept.delete(text);
  kept.set(text, found);
  const [oldest] = kept.size > MAX_KEPT ? kept.keys() : [];
  if (oldest !== undefined) kept.delete(oldest);
  return found;
}

function compile(schema: boolean | Record<string, unknown>): Schema | string {
  const dialect = typeof schema === 'object' ? schema['$schema'] : undefined;
  if (typeof schema === 'object' && schema['$async'] !== undefined)
    return 'the schema must not be asynchronous ($async)';
  const is2020 = typeof dialect === 'string' && dialect.includes('/2020-12/');
  let check: ValidateFunction;
  try {
    // A compiler of its own: two schemas with one $id do not meet, and all of it can be forgotten.
    check = is2020 ? new Ajv2020(options).compile(schema) : new Ajv(options).compile(schema);
  } catch (error) {
    return `the schema is wrong: ${reasonOf(error)}`;
  }
  return {
    validate(value) {
      if (check(value)) return undefined;
      const [first] = check.errors ?? [];
      return first === undefined ? 'the value is not valid' : problemText(first);
    },
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
