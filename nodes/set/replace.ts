import type { Node, NodeAPI } from 'node-red';
import { Fault } from '../../src/fault.ts';
import { andThen, type Later } from '../adapter/later.ts';
import type { FlowMessage } from '../adapter/message.ts';
import { typedValue, type ReadValue } from '../adapter/typed-value.ts';
import type { StoredRule } from './rule.ts';

/** What is searched for: text and patterns within text, anything else as a whole. */
type Sought = { readonly pattern: RegExp; readonly whole: string | number | boolean | undefined };

/** Gives what stands in the place afterwards, by the rules of the core node change. */
export function replacer(
  RED: NodeAPI,
  node: Node,
  rule: StoredRule,
): (message: FlowMessage, current: unknown, value: unknown) => Later<unknown> {
  const soughtFor = searchFor(RED, node, rule);
  return (message, current, value) => andThen(soughtFor(message), (sought) => replaced(current, sought, value));
}

function searchFor(RED: NodeAPI, node: Node, rule: StoredRule): (message: FlowMessage) => Later<Sought> {
  const from = String(rule.from ?? '');
  const type = rule.fromt || 'str';
  switch (type) {
    case 'msg':
    case 'flow':
    case 'global': {
      const read: ReadValue = typedValue(RED, node, from, type);
      return (message) => andThen(read(message), soughtOf);
    }
    case 're':
      return constant({ pattern: patternOf(from), whole: undefined });
    case 'num':
      return constant({ pattern: literally(from), whole: Number(from) });
    case 'bool':
      return constant({ pattern: literally(from), whole: /^true$/i.test(from) });
    case 'env':
      return constant(soughtOf(RED.util.evaluateNodeProperty(from, 'env', node, {})));
    default:
      return constant({ pattern: literally(from), whole: from });
  }
}

/** Throws MESSAGE_INVALID: only text, numbers, true and false can be searched for. */
function soughtOf(value: unknown): Sought {
  if (value instanceof RegExp) return { pattern: value, whole: undefined };
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return { pattern: literally(String(value)), whole: value };
  throw new Fault('MESSAGE_INVALID', { problem: `there is no searching for a value of type ${typeof value}` });
}

function replaced(current: unknown, { pattern, whole }: Sought, value: unknown): unknown {
  if (typeof current === 'string') {
    if (whole !== undefined && current === String(whole)) return value;
    // As the core node: the value may hold $1 of a pattern. True or false that is all of the text stays what it is.
    const text = current.replace(pattern, String(value));
    return typeof value === 'boolean' && text === String(value) ? value : text;
  }
  if (typeof current === 'number' || typeof current === 'boolean') return current === whole ? value : current;
  return current;
}

const constant =
  (sought: Sought): (() => Sought) =>
  () =>
    sought;

const literally = (text: string): RegExp =>
  new RegExp(text.replaceAll(/[-[\]{}()*+?.,\\^$|#\s]/g, String.raw`\$&`), 'g');

function patternOf(source: string): RegExp {
  try {
    return new RegExp(source, 'g');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault('SETTINGS_INVALID', { problems: `the pattern cannot be read: ${reason}` }, { cause: error });
  }
}
