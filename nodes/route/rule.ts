import type { Node, NodeAPI } from 'node-red';
import { topicFilterProblem } from '../../src/broker/topic.ts';
import { Fault } from '../../src/fault.ts';
import { andThen, type Later } from '../adapter/later.ts';
import type { FlowMessage } from '../adapter/message.ts';
import { nowhere } from '../adapter/property.ts';
import { typedValue, type ReadValue } from '../adapter/typed-value.ts';
import type { ValueType } from '../adapter/value-types.ts';
import { comparisonOf } from './compare.ts';
import { quantityOf } from './quantity.ts';
import { partsOf, type Parts } from './sequences.ts';

/** One rule, as it stands in the flow; the names are those of the core node switch. */
export interface StoredRule {
  readonly t: string;
  readonly vt?: string;
  readonly v?: string | number;
  readonly v2t?: string;
  readonly v2?: string | number;
  /** Upper and lower case are the same to a pattern. */
  readonly case?: string | boolean;
}

/** Whether a message fits. `before` is what the property held in the message before. */
export type Fits = (message: FlowMessage, value: unknown, before: unknown) => Later<boolean>;

type ReadOperand = (message: FlowMessage, before: unknown) => Later<unknown>;

/** Prepares a rule other than `else`. Throws SETTINGS_INVALID. */
export function ruleOf(RED: NodeAPI, node: Node, rule: StoredRule): Fits {
  const problem = problemOf(rule);
  if (problem !== undefined) throw new Fault('SETTINGS_INVALID', { problems: problem });
  const place = PLACES[rule.t];
  if (place !== undefined)
    return inSequence(place, operand(RED, node, rule.vt, rule.v), operand(RED, node, rule.v2t, rule.v2));
  const compare = comparisonOf(rule.t, rule.case === true || rule.case === 'true');
  const kept = rule.t === 'istype' ? 'str' : rule.t === 'jsonata_exp' ? 'jsonata' : rule.vt;
  const first = operand(RED, node, kept, rule.v);
  const second = operand(RED, node, rule.v2t, rule.v2);
  return (message, value, before) =>
    andThen(first(message, before), (one) => andThen(second(message, before), (two) => compare(value, one, two)));
}

/** Reads the property the rules look at; what stands nowhere is undefined. */
export function propertyReader(RED: NodeAPI, node: Node, property: string, type: ValueType): ReadValue {
  const read = typedValue(RED, node, property, type);
  return (message) => andThen(read(message), present);
}

/** Whether a place in a sequence fits; the names are those of the core node. */
type Place = (parts: Parts, first: number, second: number) => boolean;

const PLACES: Readonly<Record<string, Place>> = {
  head: ({ index }, first) => index < first,
  tail: ({ index, count = Number.NaN }, first) => count - first <= index,
  index: ({ index }, first, second) => first <= index && index <= second,
};

function inSequence(fits: Place, first: ReadOperand, second: ReadOperand): Fits {
  return (message, _value, before) => {
    const parts = partsOf(message);
    if (parts === undefined) {
      throw new Fault('MESSAGE_INVALID', {
        problem: 'a rule asks for its place in a sequence, and msg.parts does not say it',
      });
    }
    return andThen(first(message, before), (one) =>
      andThen(second(message, before), (two) => fits(parts, Number(one), Number(two))),
    );
  };
}

function operand(RED: NodeAPI, node: Node, type: string | undefined, stored: string | number = ''): ReadOperand {
  if (type === 'prev') return (_message, before) => before;
  const value = String(stored);
  // Without a type the core node takes for a number what reads as one.
  const isNumber = type === 'num' || (!type && value.trim() !== '' && !Number.isNaN(Number(value)));
  if (!isNumber) return reader(typedValue(RED, node, value, (type || 'str') as ValueType));
  // A number with a unit stays text: it is compared as a quantity.
  const constant = Number.isNaN(Number(value)) ? value : Number(value);
  return () => constant;
}

const reader =
  (read: ReadValue): ReadOperand =>
  (message) =>
    andThen(read(message), present);

const present = (value: unknown): unknown => (value === nowhere ? undefined : value);

function problemOf({ t, vt, v, case: ignoresCase }: StoredRule): string | undefined {
  if (t === 'topic' && (vt || 'str') === 'str') {
    const problem = topicFilterProblem(String(v ?? ''));
    return problem && `the topic filter ${problem}`;
  }
  if (t === 'regex' && (vt || 'str') === 'str') {
    try {
      RegExp(String(v ?? ''), ignoresCase ? 'i' : '');
    } catch (error) {
      return `the pattern cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  if (vt === 'num' && quantityOf(String(v ?? '')) === undefined && Number.isNaN(Number(v)))
    return `"${String(v)}" is no number, with or without a unit`;
  return undefined;
}
