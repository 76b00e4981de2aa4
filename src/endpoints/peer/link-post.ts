import type { Link } from '../../endpoint/endpoint.ts';
import type { LinkState } from '../../endpoint/link-state.ts';
import { parseLetter } from './hand-post.ts';
import type { Letter, Post } from './post.ts';
import { MAX_STATEMENT_LENGTH } from './statement.ts';

/** Where letters to that peer go, below a prefix. */
export const letterTopic = (prefix: string, fingerprint: string): string => `${prefix}/${fingerprint}`;

/** Signals over a link that leads to many by topic, such as one to an MQTT broker. The link is closed with it. */
export class LinkPost implements Post {
  readonly trickles = true;
  readonly #link: Link;
  readonly #prefix: string;
  readonly #letters = new Set<(letter: Letter) => void>();

  /** What arrives at our own topic is taken; that the link gets it is the business of whoever opened the link. */
  constructor(link: Link, prefix: string, fingerprint: string) {
    this.#link = link;
    this.#prefix = prefix;
    void this.#read(letterTopic(prefix, fingerprint));
  }

  get url(): string {
    return this.#link.url;
  }

  get state(): LinkState {
    return this.#link.state;
  }

  onState(listener: (state: LinkState) => void): () => void {
    return this.#link.onState(listener);
  }

  send(to: string, letter: Letter): void {
    const payload = Buffer.from(JSON.stringify(letter));
    // A letter that is lost is one more reason to try again; the attempt it belongs to ends by itself.
    this.#link.send({ topic: letterTopic(this.#prefix, to), payload }).catch(() => undefined);
  }

  onLetter(listener: (letter: Letter) => void): () => void {
    this.#letters.add(listener);
    return () => this.#letters.delete(listener);
  }

  async close(): Promise<void> {
    await this.#link.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #read(topic: string): Promise<void> {
    for await (const message of this.#link.receive()) {
      if (message.topic !== topic || message.payload.byteLength > 2 * MAX_STATEMENT_LENGTH) continue;
      const letter = parseLetter(Buffer.from(message.payload).toString());
      if (letter === undefined) continue;
      for (const listener of this.#letters) listener(letter);
    }
  }
}
