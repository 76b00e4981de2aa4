import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { isRecord } from '../../is-record.ts';
import type { LinkState } from '../../endpoint/link-state.ts';
import type { Letter, Post } from './post.ts';
import { MAX_STATEMENT_LENGTH } from './statement.ts';

const SCHEME = 'chartwire-peer:';
/** As long as an invite may be on its way, in ms. */
const PATIENCE_MS = 900_000;

/** Signals carried by hand, or by whatever else takes a line of text from one side to the other: an invite, and its answer. */
export class HandPost implements Post {
  readonly url = 'invite:';
  readonly trickles = false;
  readonly patienceMs = PATIENCE_MS;
  readonly #letters = new Set<(letter: Letter) => void>();
  readonly #takers = new Set<(text: string) => void>();
  readonly #watchers = new Set<(state: LinkState) => void>();
  #last: string | undefined;
  #state: LinkState = { name: 'up', since: Date.now() };

  get state(): LinkState {
    return this.#state;
  }

  onState(listener: (state: LinkState) => void): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  /** Calls the listener with every text for the other side, at once with the last one there was. */
  onText(listener: (text: string) => void): () => void {
    if (this.#last !== undefined) listener(this.#last);
    this.#takers.add(listener);
    return () => this.#takers.delete(listener);
  }

  /** Takes what the other side's post gave. Why it is none, if it is none. */
  take(text: string): string | undefined {
    const letter = letterOf(text.trim());
    if (letter === undefined) return `this is no text of a peer (${SCHEME}...)`;
    for (const listener of this.#letters) listener(letter);
    return undefined;
  }

  send(_to: string, letter: Letter): void {
    this.#last = SCHEME + deflateRawSync(JSON.stringify(letter)).toString('base64url');
    for (const taker of this.#takers) taker(this.#last);
  }

  onLetter(listener: (letter: Letter) => void): () => void {
    this.#letters.add(listener);
    return () => this.#letters.delete(listener);
  }

  close(): Promise<void> {
    this.#state = { name: 'closed' };
    for (const watcher of this.#watchers) watcher(this.#state);
    for (const set of [this.#letters, this.#takers, this.#watchers]) set.clear();
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function letterOf(text: string): Letter | undefined {
  if (!text.startsWith(SCHEME) || text.length > MAX_STATEMENT_LENGTH) return undefined;
  try {
    const bytes = inflateRawSync(Buffer.from(text.slice(SCHEME.length), 'base64url'), {
      maxOutputLength: 2 * MAX_STATEMENT_LENGTH,
    });
    return parseLetter(bytes.toString());
  } catch {
    return undefined;
  }
}

/** A letter as JSON; nothing when it is none. */
export function parseLetter(json: string): Letter | undefined {
  try {
    const letter: unknown = JSON.parse(json);
    if (!isRecord(letter)) return undefined;
    const { session, text } = letter;
    return typeof session === 'string' && typeof text === 'string' ? { session, text } : undefined;
  } catch {
    return undefined;
  }
}
