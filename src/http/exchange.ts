import type { IncomingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { BodyTaker } from './body-taker.ts';

/**
 * Headers of an answer: names in lower case and values by turns, without those that speak of the connection. Node.js sends
 * such a list as it is; a record it takes apart first, which is a sixth of a small answer's CPU time.
 */
export type AnswerHeaders = readonly string[];

/** One request and its answer, the same over HTTP/1.1 and HTTP/2. The first answer counts; what comes later is left out. */
export interface Exchange {
  /** By which its site finds it again; 0: it is not among those that wait for their answer. */
  openNumber: number;
  readonly method: string;
  /** The request target as it was sent: `/a/b?c=d`. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** `1.0`, `1.1` or `2.0`. */
  readonly httpVersion: string;
  readonly socket: Socket;
  /** The bytes of the request as a stream, made when it is asked for. */
  readonly body: Readable;
  /** Fields that followed the body, once it has ended. */
  readonly trailers: NodeJS.Dict<string | string[]>;
  /** Bytes of the body that have come so far, at least about. */
  readonly receivedBytes: number;
  /** Whether the request has a body, or may have one. */
  readonly hasBody: boolean;
  /** The headers of the answer have left, or nobody waits for them any more. */
  readonly isAnswered: boolean;
  /** All is said, or the far side has gone. */
  readonly isOver: boolean;
  /** Gives `taker` the bytes of the request as they come, without making a stream of them. Once, and instead of {@link body}. */
  readInto(taker: BodyTaker): void;
  /** Answers all at once. A body that must not be there (HEAD, 204, 304) is left out. */
  answer(status: number, headers: AnswerHeaders, body?: Uint8Array | string): void;
  /** Begins an answer whose parts follow. */
  begin(status: number, headers: AnswerHeaders): AnswerStream;
  /** Called once, when it is over. */
  onOver(act: () => void): void;
  /** Ends it where it stands: the far side sees that the answer is not whole. */
  abort(): void;
  /** After an answer: lets go of what is left of the request's body. */
  dropBody(): void;
}

/** An answer that is under way. */
export interface AnswerStream {
  /** Bytes written and not yet taken by the far side. */
  readonly waitingBytes: number;
  /** False: enough for now, {@link onDrain} tells when to go on. */
  write(chunk: Uint8Array | string): boolean;
  onDrain(act: () => void): void;
  /** Ends it; trailers are the fields that follow a body (RFC 9110, 6.5). */
  end(trailers?: Readonly<Record<string, string>>): void;
}
