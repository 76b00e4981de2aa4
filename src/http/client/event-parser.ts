/** One server-sent event (HTML standard, 9.2.6). */
export interface ServerEvent {
  /** `message` unless the far side says another. */
  readonly type: string;
  readonly data: string;
  /** Of this event, or of the last one that had one. */
  readonly lastEventId: string;
}

/** Cuts a text stream into events. An event longer than `maxLength` characters throws a RangeError. */
export class EventParser {
  readonly #maxLength: number;
  #line = '';
  /** Whether the line has ended is told by what comes next. */
  #endsInReturn = false;
  #isFirst = true;
  #data: string[] = [];
  #length = 0;
  #type = '';
  #lastEventId: string;
  #pendingId: string;
  #retryMs: number | undefined;

  /** `lastEventId` is that of the connection before. */
  constructor(maxLength: number, lastEventId = '') {
    this.#maxLength = maxLength;
    this.#lastEventId = lastEventId;
    this.#pendingId = lastEventId;
  }

  /** What the next connection resumes after. */
  get lastEventId(): string {
    return this.#lastEventId;
  }

  /** How long to wait before a new connection, in ms, if the far side has said so. */
  get retryMs(): number | undefined {
    return this.#retryMs;
  }

  *parse(text: string): Generator<ServerEvent> {
    const plain = this.#isFirst && text.startsWith('\uFEFF') ? text.slice(1) : text;
    if (text !== '') this.#isFirst = false;
    // A line that comes in many parts is looked through once.
    if (!this.#endsInReturn && !/[\r\n]/.test(plain)) this.#line += plain;
    else {
      const lines = (this.#line + plain).split(/\r\n|\n|\r(?!$)/);
      this.#line = lines.pop() ?? '';
      this.#endsInReturn = this.#line.endsWith('\r');
      for (const line of lines) {
        const event = this.#take(line);
        if (event !== undefined) yield event;
      }
    }
    if (this.#length + this.#line.length > this.#maxLength) throw new RangeError('the event is too long');
  }

  #take(line: string): ServerEvent | undefined {
    if (line === '') return this.#finish();
    const at = line.indexOf(':');
    const name = at === -1 ? line : line.slice(0, at);
    const value = at === -1 ? '' : line.slice(line[at + 1] === ' ' ? at + 2 : at + 1);
    switch (name) {
      case 'data':
        this.#data.push(value);
        this.#length += line.length;
        if (this.#length > this.#maxLength) throw new RangeError('the event is too long');
        break;
      case 'event':
        this.#type = value;
        break;
      case 'id':
        if (!value.includes('\0')) this.#pendingId = value;
        break;
      case 'retry':
        if (/^\d{1,9}$/.test(value)) this.#retryMs = Number(value);
        break;
    }
    return undefined;
  }

  #finish(): ServerEvent | undefined {
    this.#lastEventId = this.#pendingId;
    const type = this.#type || 'message';
    const data = this.#data.splice(0);
    this.#type = '';
    this.#length = 0;
    return data.length === 0 ? undefined : { type, data: data.join('\n'), lastEventId: this.#lastEventId };
  }
}
