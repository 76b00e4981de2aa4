import type { LiveMessage } from './broker.ts';

/** A subscriber inside the process. */
export class InnerSubscriber {
  readonly filter: string;
  readonly take: (message: LiveMessage) => Promise<void> | void;
  ended = false;

  constructor(filter: string, take: (message: LiveMessage) => Promise<void> | void) {
    this.filter = filter;
    this.take = take;
  }
}
