import type { AnswerStream } from '../exchange.ts';
import { fieldLine, type Framing } from './answer-head.ts';
import type { Http1Connection } from './connection.ts';
import type { Http1Turn } from './turn.ts';

/** An answer of HTTP/1.1 in parts: in chunks (RFC 9112, 7.1), or of a length that was told before. */
export class AnswerParts implements AnswerStream {
  readonly #turn: Http1Turn;
  readonly #connection: Http1Connection;
  readonly #framing: Framing;
  readonly #onEnd: () => void;
  #sentBytes = 0;

  constructor(turn: Http1Turn, connection: Http1Connection, framing: Framing, onEnd: () => void) {
    this.#turn = turn;
    this.#connection = connection;
    this.#framing = framing;
    this.#onEnd = onEnd;
  }

  get waitingBytes(): number {
    return this.#connection.waitingBytes;
  }

  write(chunk: Uint8Array | string): boolean {
    if (this.#turn.isOver) return false;
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    if (bytes.length === 0 || this.#framing === 'none') return true;
    this.#sentBytes += bytes.length;
    if (this.#framing === 'chunked') this.#connection.outbox.send(`${bytes.length.toString(16)}\r\n`, bytes, '\r\n');
    // Where the next answer begins would be guessed.
    else if (this.#sentBytes > this.#framing) this.#turn.abort();
    else this.#connection.outbox.send('', bytes);
    return !this.#connection.isFull;
  }

  onDrain(act: () => void): void {
    this.#connection.onDrain(act);
  }

  end(trailers: Readonly<Record<string, string>> = {}): void {
    if (this.#turn.isOver) return;
    if (this.#framing === 'chunked') {
      const lines = Object.entries(trailers).map(([name, value]) => fieldLine(name.toLowerCase(), value));
      this.#connection.outbox.send(`0\r\n${lines.join('')}\r\n`, '');
    } else if (this.#framing !== 'none' && this.#sentBytes < this.#framing) return this.#turn.abort();
    this.#onEnd();
  }
}
