import type { ServerResponse } from 'node:http';
import type { Access } from '../../endpoint/access.ts';
import type { FarSide } from '../../endpoint/far-sides.ts';

export interface EventStreamSettings {
  readonly identity: string | undefined;
  /** Of HTTP/1.1, or the same of HTTP/2. */
  readonly response: ServerResponse;
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
  readonly #response: ServerResponse;
  readonly #access: Access;
  readonly #keepAliveMs: number;
  #blocked: Promise<void> | undefined;

  constructor({ identity, response, access, keepAliveMs }: EventStreamSettings) {
    this.identity = identity;
    this.#response = response;
    this.#access = access;
    this.#keepAliveMs = keepAliveMs;
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    this.#write(COMMENT);
    const comments = setInterval(() => {
      if (this.#blocked === undefined) this.#write(COMMENT);
    }, keepAliveMs / COMMENTS_PER_KEEP_ALIVE);
    response.once('close', () => clearInterval(comments));
    response.on('error', () => this.close());
  }

  /** Resolves when it is written and the far side keeps up with reading; there is no acknowledgement on this way. */
  async send(event: string, topic: string, signal: AbortSignal): Promise<void> {
    if (!this.#access(this.identity, 'subscribe', topic)) return;
    while (this.#blocked !== undefined) await this.#blocked;
    if (signal.aborted || this.#response.destroyed) return;
    this.#write(event);
  }

  close(): void {
    this.#response.destroy();
  }

  #write(text: string): void {
    if (!this.#response.write(text)) this.#blocked ??= this.#drained();
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const cut = setTimeout(() => this.#response.destroy(), this.#keepAliveMs);
      const go = (): void => {
        clearTimeout(cut);
        this.#blocked = undefined;
        this.#response.off('drain', go);
        this.#response.off('close', go);
        resolve();
      };
      this.#response.on('drain', go);
      this.#response.on('close', go);
    });
  }
}
