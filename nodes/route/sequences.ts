import { Fault } from '../../src/fault.ts';
import type { FlowMessage } from '../adapter/message.ts';

/** Where a message stands in its sequence, as `msg.parts` of Node-RED says it. */
export interface Parts {
  id: unknown;
  index: number;
  count?: number;
}

/** A message or nothing for each output. */
export type Onward = readonly (FlowMessage | null)[];

/** The place of a message in its sequence; undefined when it is in none. */
export function partsOf({ parts }: FlowMessage): Parts | undefined {
  if (typeof parts !== 'object' || parts === null) return undefined;
  return Object.hasOwn(parts, 'id') && Object.hasOwn(parts, 'index') ? (parts as Parts) : undefined;
}

/** Sequences that are not complete: before the rules, where those need to know the length, and behind them, to be made anew. */
export class Sequences {
  readonly #most: number;
  readonly #arriving = new Map<unknown, { count: number | undefined; readonly messages: FlowMessage[] }>();
  readonly #leaving = new Map<unknown, Onward[]>();
  #held = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** All messages of the sequence when this was the last, each told the count. Throws QUEUE_FULL and forgets what it holds. */
  arrive(message: FlowMessage, { id, count }: Parts): readonly FlowMessage[] {
    const sequence = this.#arriving.get(id) ?? { count: undefined, messages: [] };
    this.#arriving.set(id, sequence);
    sequence.messages.push(message);
    sequence.count = count ?? sequence.count;
    this.#hold();
    if (sequence.messages.length !== sequence.count) return [];
    this.#arriving.delete(id);
    this.#held -= sequence.messages.length;
    for (const each of sequence.messages) Object.assign(each['parts'] as Parts, { count: sequence.count });
    return sequence.messages;
  }

  /** What the rules made of one message; gives those of the whole sequence when it was the last. Throws QUEUE_FULL likewise. */
  leave(onward: Onward, { id, count }: Parts): readonly Onward[] {
    const sequence = this.#leaving.get(id) ?? [];
    this.#leaving.set(id, sequence);
    sequence.push(onward);
    this.#hold();
    if (sequence.length !== count) return [];
    this.#leaving.delete(id);
    this.#held -= sequence.length;
    return sequence;
  }

  clear(): void {
    this.#arriving.clear();
    this.#leaving.clear();
    this.#held = 0;
  }

  #hold(): void {
    this.#held += 1;
    if (this.#held <= this.#most) return;
    this.clear();
    throw new Fault('QUEUE_FULL', { queue: 'the messages of sequences that are not complete', limit: this.#most });
  }
}

/** Makes a sequence of its own of what leaves at each output. `copy` and `newId` are Node-RED's. */
export function renumbered(
  sequence: readonly Onward[],
  copy: (message: FlowMessage) => FlowMessage,
  newId: () => string,
): Onward[] {
  const [first = []] = sequence;
  const outputs = first.map((_, output) => ({
    id: newId(),
    count: sequence.filter((onward) => onward[output] !== null).length,
    next: 0,
  }));
  return sequence.map((onward) =>
    onward.map((message, output) => {
      const own = outputs[output];
      if (message === null || own === undefined) return null;
      const { id, count, next: index } = own;
      own.next += 1;
      const copied = copy(message);
      Object.assign(copied['parts'] as Parts, { id, index, count });
      return copied;
    }),
  );
}
