import type { Message, ReceivedMessage } from '../../endpoint/message.ts';

/** Longest header that is remembered: comparing a longer one costs as much as reading it. */
const MAX_BYTES = 256;

/** The header of the message before, and what it says: most messages have the same, and then nothing is read. */
export class KnownHeader {
  readonly from: string;
  #bytes = new Uint8Array(0);
  #said: Omit<Message, 'payload'> | undefined;
  #isTopicOnly = false;

  constructor(from: string) {
    this.from = from;
  }

  learn(header: Uint8Array, said: Omit<Message, 'payload'>): void {
    this.#said = header.length > MAX_BYTES ? undefined : said;
    this.#isTopicOnly = said.contentType === undefined && said.properties === undefined;
    // A copy: what is read into next is the same memory.
    this.#bytes = header.length > MAX_BYTES ? new Uint8Array(0) : Uint8Array.from(header);
  }

  /** Where the header ends that starts there, when it is this one and ends before `limit`. */
  endIn(bytes: Uint8Array, start: number, limit: number): number | undefined {
    const header = this.#bytes;
    const { length } = header;
    const end = start + length;
    if (this.#said === undefined || end > limit) return undefined;
    if (bytes[start - 2] !== length >>> 8 || bytes[start - 1] !== (length & 0xff)) return undefined;
    for (let at = 0; at < length; at += 1) if (bytes[start + at] !== header[at]) return undefined;
    return end;
  }

  /** What it says, with this payload. Only after {@link endIn} has found it. */
  message(payload: Uint8Array): ReceivedMessage {
    const said = this.#said!;
    return this.#isTopicOnly ? { topic: said.topic, payload, from: this.from } : { ...said, payload, from: this.from };
  }
}
