import { randomBytes } from 'node:crypto';
import { Fault } from '../../../src/fault.ts';
import type { FlowMessage } from '../../adapter/message.ts';

/** A question that waits for its answer. */
interface Question {
  readonly message: FlowMessage;
  readonly topic: string;
  readonly timer: NodeJS.Timeout;
  readonly fail: (error: Error) => void;
  readonly answer: () => void;
}

/** Open questions by their correlation data, which nobody else can guess. */
export class Questions {
  readonly #timeoutMs: number;
  readonly #most: number;
  readonly #open = new Map<string, Question>();

  constructor(timeoutMs: number, most: number) {
    this.#timeoutMs = timeoutMs;
    this.#most = most;
  }

  /** Correlation data for a new question, and what settles when it is answered. Throws QUEUE_FULL. */
  ask(message: FlowMessage, topic: string): { readonly correlationData: Buffer; readonly answered: Promise<void> } {
    if (this.#open.size >= this.#most)
      throw new Fault('QUEUE_FULL', { queue: 'the list of open questions', limit: this.#most });
    const correlationData = randomBytes(16);
    const key = correlationData.toString('latin1');
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      this.#open.delete(key);
      reject(new Fault('ANSWER_MISSING', { topic, afterMs: this.#timeoutMs }));
    }, this.#timeoutMs);
    this.#open.set(key, { message, topic, timer, fail: reject, answer: resolve });
    return { correlationData, answered: promise };
  }

  /** The message that asked; undefined for an answer to nothing, or one too late. */
  take(correlationData: Uint8Array): FlowMessage | undefined {
    const key = Buffer.from(correlationData).toString('latin1');
    const question = this.#open.get(key);
    if (question === undefined) return undefined;
    this.#open.delete(key);
    clearTimeout(question.timer);
    question.answer();
    return question.message;
  }

  /** The question could not even be sent, or nobody is there any more. */
  fail(correlationData: Buffer, error: Error): void {
    const key = correlationData.toString('latin1');
    const question = this.#open.get(key);
    if (question === undefined) return;
    this.#open.delete(key);
    clearTimeout(question.timer);
    question.fail(error);
  }

  close(error: Error): void {
    for (const { timer, fail } of this.#open.values()) {
      clearTimeout(timer);
      fail(error);
    }
    this.#open.clear();
  }
}
