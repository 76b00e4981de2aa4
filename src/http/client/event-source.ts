import { setTimeout as pause } from 'node:timers/promises';
import { backoff } from '../../endpoint/backoff.ts';
import type { LinkState } from '../../endpoint/link-state.ts';
import { Fault } from '../../fault.ts';
import type { HttpClient } from './client.ts';
import { EventParser, type ServerEvent } from './event-parser.ts';
import { shownUrl } from './exchange.ts';
import type { HttpRequest } from './request.ts';

export interface EventSourceSettings {
  readonly client: HttpClient;
  /** Asks for the stream; called for each connection. */
  readonly request: (signal: AbortSignal) => HttpRequest;
  /** Where to go on after; empty: with whatever comes. */
  readonly lastEventId: string;
  /** Longest event, in characters. */
  readonly maxEventLength: number;
  /** Longest silence before the far side is taken for gone, in ms. */
  readonly silenceMs: number;
  readonly reconnectFirstMs: number;
  readonly reconnectLongestMs: number;
  readonly take: (event: ServerEvent) => void;
  readonly onState: (state: LinkState) => void;
}

/** Reads the events of a far side, and goes on after the last one when the connection is lost (HTML standard, 9.2). */
export class EventSource {
  readonly #settings: EventSourceSettings;
  readonly #life = new AbortController();
  #lastEventId: string;
  #retryMs: number | undefined;
  #wasUp = false;

  constructor(settings: EventSourceSettings) {
    this.#settings = settings;
    this.#lastEventId = settings.lastEventId;
  }

  /** Resolves when it is closed, or the far side says that there will be no more (204). Never rejects. */
  async run(): Promise<void> {
    const { onState } = this.#settings;
    const { signal } = this.#life;
    let pauses = this.#pauses();
    while (!signal.aborted) {
      onState({ name: 'connecting' });
      this.#wasUp = false;
      const cause = await this.#read().catch((error: unknown) =>
        error instanceof Error ? error : new Error(String(error)),
      );
      if (signal.aborted || cause === 'over') break;
      if (this.#wasUp) pauses = this.#pauses();
      const retryInMs = pauses.next().value;
      onState({ name: 'waiting', retryInMs, cause });
      await pause(retryInMs, undefined, { signal }).catch(() => undefined);
    }
    onState({ name: 'closed' });
  }

  close(): void {
    this.#life.abort(new Fault('LINK_CLOSED', { url: this.#shown }));
  }

  /** Why the connection has ended. */
  async #read(): Promise<Error | 'over'> {
    const { client, maxEventLength, silenceMs, take, onState } = this.#settings;
    const asked = this.#settings.request(this.#life.signal);
    const answer = await client.open({
      ...asked,
      headers: {
        Accept: 'text/event-stream',
        'Cache-Control': 'no-store',
        ...asked.headers,
        // Nothing but Latin-1 stands in a header; the HTML standard wants UTF-8 there.
        ...(this.#lastEventId !== '' && { 'Last-Event-ID': Buffer.from(this.#lastEventId).toString('latin1') }),
      },
      bodyTimeoutMs: silenceMs,
    });
    const isStream = /^text\/event-stream\b/i.test(answer.headers['content-type'] ?? '');
    if (answer.status !== 200 || !isStream) {
      await answer.body.return();
      if (answer.status === 204) return 'over';
      const said = answer.status === 200 ? String(answer.headers['content-type']) : String(answer.status);
      throw new Fault('LINK_REFUSED', { url: this.#shown, answer: `${said} where an event stream was asked for` });
    }
    this.#wasUp = true;
    onState({ name: 'up', since: Date.now() });
    const parser = new EventParser(maxEventLength, this.#lastEventId);
    const decoder = new TextDecoder();
    for await (const chunk of answer.body) {
      try {
        for (const event of parser.parse(decoder.decode(chunk, { stream: true }))) take(event);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        throw new Fault('RESPONSE_INVALID', { url: this.#shown, problem: error.message }, { cause: error });
      }
      this.#lastEventId = parser.lastEventId;
      this.#retryMs = parser.retryMs ?? this.#retryMs;
    }
    return new Fault('FAR_SIDE_GONE', { url: this.#shown });
  }

  get #shown(): string {
    return shownUrl(this.#settings.request(this.#life.signal).url);
  }

  #pauses(): Generator<number, never> {
    const { reconnectFirstMs, reconnectLongestMs } = this.#settings;
    return backoff(this.#retryMs ?? reconnectFirstMs, Math.max(reconnectLongestMs, this.#retryMs ?? 0));
  }
}
