import type { Node, NodeAPI } from 'node-red';
import { Fault } from '../../src/fault.ts';
import { contextPlace } from './context-store.ts';
import { calledBack, type Later } from './later.ts';
import type { FlowMessage } from './message.ts';
import { propertyOf } from './property.ts';
import type { ValueType } from './value-types.ts';

/** Gives the value for a message. */
export type ReadValue = (message: FlowMessage) => Later<unknown>;

/** Prepares the value a user typed. JSONata and stores that are no memory answer later. Throws SETTINGS_INVALID. */
export function typedValue(RED: NodeAPI, node: Node, value: string, type: ValueType): ReadValue {
  const evaluate = (): unknown => RED.util.evaluateNodeProperty(value, type, node, {}) as unknown;
  switch (type) {
    case 'str':
      return () => value;
    case 'num':
      return constant(Number(value));
    case 'bool':
      return constant(/^true$/i.test(value));
    case 'env':
      return constant(evaluate());
    case 'json':
    case 'bin':
      // Read once to tell errors now; and again for each message, which may change what it gets.
      prepared(type, evaluate);
      return evaluate;
    case 'date':
      return value === '' ? () => Date.now() : evaluate;
    case 'msg':
      return propertyOf(RED, value).read;
    case 'flow':
    case 'global':
      return contextPlace(RED, node, type, value).read;
    case 'jsonata': {
      const expression = prepared('JSONata', () => RED.util.prepareJSONataExpression(value, node));
      return (message) => calledBack((done) => RED.util.evaluateJSONataExpression(expression, message as never, done));
    }
  }
}

function constant(value: unknown): ReadValue {
  return () => value;
}

function prepared<Value>(what: string, prepare: () => Value): Value {
  try {
    return prepare();
  } catch (error) {
    const reason = error instanceof Error || hasMessage(error) ? error.message : String(error);
    throw new Fault('SETTINGS_INVALID', { problems: `${what} cannot be read: ${reason}` }, { cause: error });
  }
}

/** JSONata throws plain objects. */
const hasMessage = (value: unknown): value is { message: string } =>
  typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';
