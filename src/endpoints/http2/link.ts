import { setTimeout as pause } from 'node:timers/promises';
import type { ClientHttp2Session, OutgoingHttpHeaders } from 'node:http2';
import { backoff } from '../../endpoint/backoff.ts';
import type { Link, LinkLimits, ReadOptions, SendOptions, TlsIdentity } from '../../endpoint/endpoint.ts';
import { farSideFault } from '../../endpoint/far-side-fault.ts';
import { fillLimits, type FilledLimits } from '../../endpoint/limits.ts';
import { LinkLife } from '../../endpoint/link-life.ts';
import type { LinkState } from '../../endpoint/link-state.ts';
import type { Message, ReceivedMessage } from '../../endpoint/message.ts';
import { Readers } from '../../endpoint/reader-queue.ts';
import { SendWindow } from '../../endpoint/send-window.ts';
import { Fault } from '../../fault.ts';
import { headerListBytes, headersOf, pathOfTopic } from './message.ts';
import { openSession, type Session } from './session.ts';
import { http2Traits } from './traits.ts';
import { post, type Outcome } from './post.ts';

export interface Http2LinkSettings extends LinkLimits {
  /** Where messages are posted below: `https://127.0.0.1:8443/ingest`. */
  readonly url: string;
  readonly tls: TlsIdentity;
  /** Whether the far side sends too, by server-sent events at `<url>?events`. Default true; false for a plain web service. */
  readonly events?: boolean;
}

/** node:http2 ends the whole session over a longer one. */
const MAX_HEADER_LIST_BYTES = 65_535;
/** `:method`, `:scheme` and `:authority`, which node:http2 adds. */
const PSEUDO_HEADER_BYTES = 400;

/** A link over one HTTP/2 session: a POST for each message, and one stream of events for what comes back. */
export class Http2Link implements Link {
  readonly url: string;
  readonly traits = http2Traits;
  readonly #settings: Http2LinkSettings;
  readonly #limits: FilledLimits;
  readonly #path: string;
  readonly #life: LinkLife;
  readonly #window: SendWindow;
  readonly #readers = new Readers();
  #session: Session | undefined;
  /** TLS is done. That the far side takes what we send shows with its answers. */
  #open = false;

  constructor(settings: Http2LinkSettings) {
    const { origin, pathname } = new URL(settings.url);
    this.#settings = settings;
    this.#limits = fillLimits(settings);
    this.#path = pathname.endsWith('/') ? pathname.slice(0, -1) : pathname;
    this.url = origin + this.#path;
    this.#life = new LinkLife(this.url, this.#limits, () => this.#dial());
    this.#window = new SendWindow(this.url, this.#limits);
    this.#life.start();
  }

  get state(): LinkState {
    return this.#life.state;
  }

  onState(listener: (state: LinkState) => void): () => void {
    return this.#life.onState(listener);
  }

  ready(signal?: AbortSignal): Promise<void> {
    return this.#life.ready(signal);
  }

  receive(options?: ReadOptions): AsyncIterableIterator<ReceivedMessage> {
    return this.#readers.receive(options);
  }

  send(message: Message, options?: SendOptions): Promise<void> {
    return this.#window.send(message, (signal) => this.#transmit(message, signal), options);
  }

  close(): Promise<void> {
    if (this.#life.close()) {
      this.#window.close();
      this.#readers.close();
      this.#session?.end();
    }
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #dial(): void {
    const session = openSession({
      url: this.url,
      path: this.#path,
      tls: this.#settings.tls,
      events: this.#settings.events ?? true,
      limits: this.#limits,
      take: (message) => this.#readers.push(message),
      onOpen: () => {
        this.#open = true;
        this.#window.open();
      },
      onUp: () => this.#life.up(),
      onLost: (cause) => {
        this.#open = false;
        this.#window.hold(cause);
        this.#life.lost(cause);
      },
    });
    this.#session = session;
  }

  /** Until it is answered, or the window's time is over: what the far side could not do now is tried again. */
  async #transmit(message: Message, signal: AbortSignal): Promise<void> {
    const headers = { ':path': pathOfTopic(this.#path, message.topic), ...headersOf(message) };
    for (const pauseMs of backoff(this.#limits.reconnectFirstMs, this.#limits.reconnectLongestMs)) {
      if (!this.#open) await this.ready(signal);
      const outcome = await this.#post(headers, message, signal);
      if (outcome.name === 'lost') throw farSideFault(this.url, outcome.cause);
      if (outcome.name === 'refused') {
        throw new Fault('FAR_SIDE_REFUSED', {
          url: this.url,
          answer: 'it takes fewer properties, or fewer messages at once',
        });
      }
      if (outcome.name === 'answered' && outcome.status < 500) return this.#checkAnswer(message, outcome);
      await pause(pauseMs, undefined, { signal });
    }
  }

  #post(headers: OutgoingHttpHeaders, message: Message, signal: AbortSignal): Promise<Outcome> {
    const http2: ClientHttp2Session | undefined = this.#session?.http2;
    if (http2 === undefined || http2.closed || http2.destroyed) return Promise.resolve({ name: 'unsent' });
    const limitBytes = Math.min(http2.remoteSettings.maxHeaderListSize ?? Infinity, MAX_HEADER_LIST_BYTES);
    const bytes = headerListBytes(headers) + PSEUDO_HEADER_BYTES;
    if (bytes > limitBytes) {
      const problem = `topic and properties take ${bytes} of ${limitBytes} bytes`;
      return Promise.reject(new Fault('MESSAGE_INVALID', { problem }));
    }
    return post(http2, headers, message.payload, signal);
  }

  #checkAnswer({ payload }: Message, { status, text }: Outcome & { name: 'answered' }): void {
    if (status < 300) return;
    if (status === 413) {
      throw new Fault('PAYLOAD_TOO_LARGE', { sizeBytes: payload.byteLength, limitBytes: 'the far side' });
    }
    throw new Fault('FAR_SIDE_REFUSED', { url: this.url, answer: `${status} ${text}`.trim() });
  }
}
