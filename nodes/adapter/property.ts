import type { NodeAPI } from 'node-red';
import { Fault } from '../../src/fault.ts';
import type { FlowMessage } from './message.ts';

/** A place in a message, as `payload.readings[0].value` names it. */
export interface Property {
  /** What stands there; {@link nowhere} when not even its parent is there. */
  readonly read: (message: FlowMessage) => unknown;
  /** Puts a value there, and makes parents as needed; `undefined` takes it away. False when a parent is no object. */
  readonly write: (message: FlowMessage, value: unknown) => boolean;
}

/** No such place in this message. */
export const nowhere = Symbol('nowhere');

type Key = string | number;

/** The types of Node-RED leave out the message. */
interface Normaliser {
  normalisePropertyExpression(name: string, message?: FlowMessage): readonly Key[];
}

/** Names that lead to what all objects share: whoever writes there changes the whole process. */
const SHARED = new Set(['__proto__', 'prototype', 'constructor']);

/** Reads the expression once. Throws SETTINGS_INVALID. */
export function propertyOf(RED: NodeAPI, expression: string): Property {
  const name = expression.startsWith('msg.') ? expression.slice('msg.'.length) : expression;
  const keys = keysOf(RED, name);
  // A key that stands in the message itself, `readings[msg.index]`, is known with the message only.
  const keysFor = keys.every((key) => !Array.isArray(key))
    ? () => keys
    : (message: FlowMessage) => keysOf(RED, name, message);
  return {
    read: (message) => read(message, keysFor(message)),
    write: (message, value) => write(message, keysFor(message), value),
  };
}

function keysOf(RED: NodeAPI, name: string, message?: FlowMessage): readonly Key[] {
  let keys: readonly Key[];
  try {
    keys = (RED.util as unknown as Normaliser).normalisePropertyExpression(name, message);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault('SETTINGS_INVALID', { problems: `the property "${name}" is not one: ${reason}` }, { cause: error });
  }
  const shared = keys.find((key) => typeof key === 'string' && SHARED.has(key));
  if (shared !== undefined) {
    throw new Fault('SETTINGS_INVALID', {
      problems: `the property "${name}" leads through ${shared}, which is refused`,
    });
  }
  return keys;
}

function read(message: FlowMessage, keys: readonly Key[]): unknown {
  let value: unknown = message;
  for (const key of keys) {
    if (value === undefined || value === null) return nowhere;
    value = (value as Readonly<Record<Key, unknown>>)[key];
  }
  return value;
}

function write(message: FlowMessage, keys: readonly Key[], value: unknown): boolean {
  let parent: object = message;
  for (let index = 0; index < keys.length - 1; index += 1) {
    const child = childOf(parent, keys, index, value !== undefined);
    if (child === undefined) return false;
    parent = child;
  }
  const last = keys.at(-1);
  if (last === undefined) return false;
  if (value !== undefined) (parent as Record<Key, unknown>)[last] = value;
  else if (typeof last === 'number' && Array.isArray(parent)) parent.splice(last, 1);
  else Reflect.deleteProperty(parent, last);
  return true;
}

/** What stands at the key, made when missing: a list before a number, else an object. Nothing when it is no object. */
function childOf(parent: object, keys: readonly Key[], index: number, make: boolean): object | undefined {
  const key = keys[index];
  if (key === undefined) return undefined;
  const there = parent as Record<Key, unknown>;
  const child = Object.hasOwn(parent, key) ? there[key] : undefined;
  if (typeof child === 'object' && child !== null) return child;
  if (typeof child === 'function') return child;
  if (child !== undefined || !make) return undefined;
  const made = typeof keys[index + 1] === 'number' ? [] : {};
  there[key] = made;
  return made;
}
