import type { SiteResponse } from './site-response.ts';

export interface EventChannelSettings {
  /** Events kept for who was away. */
  readonly history: number;
  /** What browsers are told to wait before they come again, in ms. */
  readonly retryMs: number;
  /** A comment is sent after so long without an event, in ms. */
  readonly keepAliveMs: number;
  /** Bytes that may wait for a reader; with more it is cut off, and comes again for what it missed. */
  readonly maxWaitingBytes: number;
  /** Readers at once. */
  readonly maxReaders: number;
}

export interface ServerEvent {
  readonly topic: string | undefined;
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly retryMs: number | undefined;
  readonly data: string;
}

interface Reader {
  readonly topic: string | undefined;
  readonly response: SiteResponse;
  /** Which of all that were ever kept it is to get next, until it has caught up. */
  next: number | undefined;
}

interface Kept {
  readonly topic: string | undefined;
  readonly id: string;
  readonly text: string;
}

/** Server-sent events (HTML standard, 9.2) to many readers, each event written as text once; who comes back gets what it missed. */
export class EventChannel {
  readonly #settings: EventChannelSettings;
  readonly #readers = new Set<Reader>();
  readonly #kept: Kept[] = [];
  /** Events that were kept before the first of those that are. */
  #forgotten = 0;
  readonly #comments: NodeJS.Timeout;
  /** Numbers of another start are not mistaken for those of this one. */
  readonly #start = Date.now().toString(36);
  #count = 0;

  constructor(settings: EventChannelSettings) {
    this.#settings = settings;
    this.#comments = setInterval(() => this.#comment(), settings.keepAliveMs);
  }

  get readers(): number {
    return this.#readers.size;
  }

  /** Begins the answer to a reader of one topic, or of all. False: there are too many already. */
  open(response: SiteResponse, topic: string | undefined, lastEventId: string | undefined): boolean {
    if (this.#readers.size >= this.#settings.maxReaders) return false;
    response.set('content-type', 'text/event-stream; charset=utf-8').set('cache-control', 'no-store');
    const stream = response.begin();
    if (response.exchange.method === 'HEAD') {
      stream.end();
      return true;
    }
    stream.write(`retry: ${this.#settings.retryMs}\n\n`);
    const reader: Reader = { topic, response, next: undefined };
    this.#readers.add(reader);
    response.exchange.onOver(() => this.#readers.delete(reader));
    if (lastEventId !== undefined) {
      // All that is kept when the last one it saw is no longer known.
      reader.next = this.#forgotten + this.#kept.findIndex(({ id }) => id === lastEventId) + 1;
      this.#catchUp(reader);
    }
    return true;
  }

  /** Sends to all readers of its topic, and keeps it; or to one of them, and keeps nothing. */
  send(event: ServerEvent, to?: SiteResponse): void {
    this.#count += 1;
    const id = oneLine(event.id ?? `${this.#start}-${this.#count}`);
    const text = eventText({ ...event, id });
    if (to !== undefined) {
      this.#write(to, text);
      return;
    }
    if (this.#settings.history > 0) {
      this.#kept.push({ topic: event.topic, id, text });
      if (this.#kept.length > this.#settings.history) {
        this.#kept.shift();
        this.#forgotten += 1;
      }
    }
    for (const reader of this.#readers) {
      // Who catches up comes to it in its turn.
      if (reader.next === undefined && isFor(reader, event.topic)) this.#write(reader.response, text);
    }
  }

  close(): void {
    clearInterval(this.#comments);
    for (const { response } of this.#readers) response.stream?.end();
  }

  /** As fast as it reads: all that is kept may be far more than may wait for a reader. */
  #catchUp(reader: Reader): void {
    const { stream, exchange } = reader.response;
    if (stream === undefined) return;
    while (reader.next !== undefined && !exchange.isOver) {
      const at = reader.next - this.#forgotten;
      // What it was to get next is kept no longer: it comes again for what there still is.
      if (at < 0) return exchange.abort();
      const kept = this.#kept[at];
      reader.next = kept === undefined ? undefined : reader.next + 1;
      if (kept === undefined || !isFor(reader, kept.topic)) continue;
      if (!stream.write(kept.text)) return stream.onDrain(() => this.#catchUp(reader));
    }
  }

  #write({ stream, exchange }: SiteResponse, text: string): void {
    if (stream === undefined || exchange.isOver) return;
    if (stream.waitingBytes > this.#settings.maxWaitingBytes) exchange.abort();
    else stream.write(text);
  }

  #comment(): void {
    for (const { response } of this.#readers) this.#write(response, ':\n\n');
  }
}

const isFor = (reader: Reader, topic: string | undefined): boolean =>
  reader.topic === undefined || topic === undefined || reader.topic === topic;

function eventText({ id, event, retryMs, data }: ServerEvent): string {
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  const name = event === undefined ? '' : `event: ${oneLine(event)}\n`;
  const retry = retryMs === undefined ? '' : `retry: ${Math.max(0, Math.round(retryMs))}\n`;
  return `${id === undefined ? '' : `id: ${id}\n`}${name}${retry}${lines.join('')}\n`;
}

/** A field is one line, and an id holds no NUL. */
const oneLine = (text: string): string => text.replaceAll(/[\r\n\0]/g, ' ');
