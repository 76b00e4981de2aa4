import type { Access } from '../../endpoint/access.ts';
import type { FarSide } from '../../endpoint/far-sides.ts';
import type { AnswerStream, Exchange } from '../../http/exchange.ts';

export interface EventStreamSettings {
  readonly identity: string | undefined;
  readonly exchange: Exchange;
  readonly access: Access;
  /** A far side that reads nothing for so long is cut off, so that it does not hold up the others. */
  readonly keepAliveMs: number;
}

/** Comments keep proxies and browsers from taking a quiet stream for dead (HTML standard, 9.2.7). */
const COMMENT = ':\n\n';
const COMMENTS_PER_KEEP_ALIVE = 3;

/** One far side that reads server-sent events. */
export class EventStream implements FarSide<string> {
  readonly identity: string | undefined;
  readonly #exchange: Exchange;
  readonly #answer: AnswerStream;
  readonly #access: Access;
  readonly #keepAliveMs: number;
  #blocked: Promise<void> | undefined;
  /** Ends the wait of those who are blocked. */
  #goOn: () => void = () => undefined;

  constructor({ identity, exchange, access, keepAliveMs }: EventStreamSettings) {
    this.identity = identity;
    this.#exchange = exchange;
    this.#access = access;
    this.#keepAliveMs = keepAliveMs;
    this.#answer = exchange.begin(200, ['content-type', 'text/event-stream', 'cache-control', 'no-store']);
    this.#write(COMMENT);
    const comments = setInterval(() => {
      if (this.#blocked === undefined) this.#write(COMMENT);
    }, keepAliveMs / COMMENTS_PER_KEEP_ALIVE);
    exchange.onOver(() => {
      clearInterval(comments);
      this.#goOn();
    });
  }

  /** Resolves when it is written and the far side keeps up with reading; there is no acknowledgement on this way. */
  async send(event: string, topic: string, signal: AbortSignal): Promise<void> {
    if (!this.#access(this.identity, 'subscribe', topic)) return;
    while (this.#blocked !== undefined) await this.#blocked;
    if (signal.aborted || this.#exchange.isOver) return;
    this.#write(event);
  }

  close(): void {
    this.#exchange.abort();
  }

  #write(text: string): void {
    if (!this.#answer.write(text) && !this.#exchange.isOver) this.#blocked ??= this.#drained();
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const cut = setTimeout(() => this.#exchange.abort(), this.#keepAliveMs);
      this.#goOn = () => {
        clearTimeout(cut);
        this.#blocked = undefined;
        resolve();
      };
      this.#answer.onDrain(this.#goOn);
    });
  }
}
