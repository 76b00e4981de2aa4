import { randomBytes } from 'node:crypto';
import type { ClientInfo } from './far-client.ts';
import { outgoingNumbers } from './outgoing.ts';
import { LAST_ID_HEADER } from './traits.ts';

/** Numbers of the messages of a listener, and what a far side says to name one of them: `<run>-<number>`. */
export class MessageNumbers {
  /** Numbers of another run mean nothing here. */
  readonly run = randomBytes(6).toString('hex');
  readonly #number = outgoingNumbers();
  #last = 0;

  get last(): number {
    return this.#last;
  }

  next(): number {
    this.#last = this.#number();
    return this.#last;
  }

  /** What names the message that comes next. */
  get nextMark(): string {
    return `${this.run}-${this.#last + 1}`;
  }

  /** The last message a far side says it has taken; nothing when it names none of this run. */
  saidBy({ headers, query }: ClientInfo): number | undefined {
    const said = headers[LAST_ID_HEADER] ?? query['lastEventId'];
    const [run, number] = typeof said === 'string' ? said.split('-') : [];
    return run === this.run && number !== undefined && /^\d{1,10}$/.test(number) ? Number(number) : undefined;
  }
}
