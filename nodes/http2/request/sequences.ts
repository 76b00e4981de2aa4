import { PassThrough } from 'node:stream';
import { Fault } from '../../../src/fault.ts';
import { isRecord } from '../../../src/is-record.ts';
import type { FlowMessage } from '../../adapter/message.ts';

/** Bodies that may be under way at once, of one node. */
const MAX_OPEN = 64;

/** A body that comes in parts. */
interface Sequence {
  readonly body: PassThrough;
  /** Settles when the far side has answered, or cannot any more. */
  readonly answered: Promise<FlowMessage>;
  next: number;
}

/** Bodies of requests made of messages that belong together (`msg.parts`, as the split node sets it). */
export class Sequences {
  readonly #begin: (first: FlowMessage, body: PassThrough) => Promise<FlowMessage>;
  readonly #open = new Map<string, Sequence>();

  /** `begin` sends a request whose body comes by the stream, and gives the message with the response. */
  constructor(begin: (first: FlowMessage, body: PassThrough) => Promise<FlowMessage>) {
    this.#begin = begin;
  }

  /**
   * Passes one part on, and waits until it is taken. Gives the response with the last part. Throws MESSAGE_INVALID for a part
   * out of its turn, QUEUE_FULL, and what the request fails with.
   */
  async take(message: FlowMessage): Promise<FlowMessage | undefined> {
    const { id, index, count } = partsOf(message);
    const sequence = this.#open.get(id) ?? this.#start(id, index, message);
    if (index !== sequence.next) {
      const error = invalid(`part ${index} came where part ${sequence.next} belongs`);
      sequence.body.destroy(error);
      throw error;
    }
    sequence.next += 1;
    const isLast = index + 1 === count || 'complete' in message;
    const chunk = chunkOf(message.payload);
    const taken = new Promise<void>((resolve) => sequence.body.write(chunk, () => resolve()));
    // A far side that answers before it has all takes no more.
    await Promise.race([taken, sequence.answered]);
    if (!isLast) return undefined;
    sequence.body.end();
    return sequence.answered;
  }

  #start(id: string, index: number, message: FlowMessage): Sequence {
    if (index !== 0) throw invalid(`a sequence begins with part ${index}`);
    if (this.#open.size >= MAX_OPEN)
      throw new Fault('QUEUE_FULL', { queue: 'the list of open bodies', limit: MAX_OPEN });
    const body = new PassThrough();
    body.on('error', () => undefined);
    const { promise: broken, reject } = Promise.withResolvers<never>();
    body.once('error', reject);
    const answered = Promise.race([this.#begin(message, body), broken]).finally(() => {
      this.#open.delete(id);
      body.destroy();
    });
    // Whoever passes the next part is told; nobody may come.
    answered.catch(() => undefined);
    const sequence = { body, answered, next: 0 };
    this.#open.set(id, sequence);
    return sequence;
  }
}

function partsOf({ parts }: FlowMessage): { id: string; index: number; count: unknown } {
  if (isRecord(parts)) {
    const { id, index, count } = parts;
    if (typeof id === 'string' && typeof index === 'number') return { id, index, count };
  }
  throw invalid('a part of a body needs msg.parts with id and index');
}

function chunkOf(payload: unknown): Uint8Array | string {
  if (typeof payload === 'string' || payload instanceof Uint8Array) return payload;
  // The one that only says that no more comes.
  if (payload === undefined) return '';
  throw invalid('a part of a body must be text or a buffer');
}

const invalid = (problem: string): Fault => new Fault('MESSAGE_INVALID', { problem });
