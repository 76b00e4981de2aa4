import type { SubscribeOptions } from '../../../src/endpoints/mqtt/index.ts';
import { Fault } from '../../../src/fault.ts';
import type { FlowMessage } from '../../adapter/message.ts';
import { payloadTypes, type PayloadType } from '../../adapter/payload-type.ts';
import { qosOf } from '../qos.ts';

/** One thing to subscribe to. */
export interface Wish {
  readonly topic: string;
  readonly options: SubscribeOptions;
  readonly datatype: PayloadType;
}

/** What `msg.topic` of a `subscribe` says, as the core node takes it: a text, an object or a list of those. Throws MESSAGE_INVALID. */
export function wishesOf({ topic }: FlowMessage, standard: Omit<Wish, 'topic'>): Wish[] {
  const wishes = (Array.isArray(topic) ? topic : [topic]).map((each: unknown) => wishOf(each, standard));
  if (wishes.length === 0) throw new Fault('MESSAGE_INVALID', { problem: 'msg.topic names nothing to subscribe to' });
  return wishes;
}

/** Topic filters of an `unsubscribe`; `true` is all of them. Throws MESSAGE_INVALID. */
export function filtersOf({ topic }: FlowMessage): readonly string[] | true {
  if (topic === true) return true;
  return (Array.isArray(topic) ? topic : [topic]).map((each: unknown) => filterOf(each));
}

function wishOf(value: unknown, standard: Omit<Wish, 'topic'>): Wish {
  const topic = filterOf(value);
  if (typeof value !== 'object' || value === null) return { topic, ...standard };
  const { qos, nl, rap, rh, datatype } = value as Readonly<Record<string, unknown>>;
  const { options } = standard;
  return {
    topic,
    datatype: datatypeOf(datatype) ?? standard.datatype,
    options: {
      ...options,
      ...(qos !== undefined && { qos: qosOf(qos) }),
      ...(nl !== undefined && { noLocal: isTrue(nl) }),
      ...(rap !== undefined && { retainAsPublished: isTrue(rap) }),
      ...(rh !== undefined && { retainHandling: handlingOf(rh) }),
    },
  };
}

function filterOf(value: unknown): string {
  const topic: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'topic') : value;
  if (typeof topic === 'string' && topic !== '') return topic;
  throw new Fault('MESSAGE_INVALID', {
    problem: 'msg.topic must be a topic filter, an object with a topic, or a list of those',
  });
}

function datatypeOf(value: unknown): PayloadType | undefined {
  if (value === undefined) return undefined;
  // `auto` is an older name in the core node.
  if (value === 'auto') return 'auto-detect';
  const known = Object.keys(payloadTypes).find((name): name is PayloadType => name === value);
  if (known !== undefined) return known;
  throw new Fault('MESSAGE_INVALID', { problem: `datatype must be one of ${Object.keys(payloadTypes).join(', ')}` });
}

function handlingOf(value: unknown): 0 | 1 | 2 {
  const handling = Number(value);
  if (handling === 0 || handling === 1 || handling === 2) return handling;
  throw new Fault('MESSAGE_INVALID', { problem: 'rh must be 0, 1 or 2' });
}

const isTrue = (value: unknown): boolean => value === true || value === 'true';
