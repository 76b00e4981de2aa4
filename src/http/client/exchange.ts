import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { Fault } from '../../fault.ts';
import { farSideFault } from '../../endpoint/far-side-fault.ts';

export type HeaderValues = Readonly<Record<string, string | readonly string[]>>;

/** One request as it goes over one connection. */
export interface Outgoing {
  readonly method: string;
  readonly url: URL;
  readonly headers: HeaderValues;
  readonly body: Uint8Array | Readable | undefined;
}

/** The head of a response; the body is still to be read. */
export interface Head {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly version: '1.1' | '2';
  readonly body: Readable;
  /** Calls it when the body has been read, given up or broken off; at once when that is so. */
  onOver(act: () => void): void;
  /** Gives the rest of the body up. */
  discard(): void;
  /** What is known of why the body ended early, when it did with an error that says less. */
  cause(): Error | undefined;
  /** Why the body that ended is not all of it. */
  breach(): string | undefined;
  trailers(): IncomingHttpHeaders;
}

/** What is known of a request that failed: it was surely not processed, or it may have been. */
export type Fate = 'unsent' | 'unknown';

/** An exchange that came to nothing: the fault for the user, and what decides whether it may be repeated. */
export class ExchangeFailure extends Error {
  readonly fault: Fault;
  readonly fate: Fate;
  /** Another connection, or another moment, may do better. */
  readonly passing: boolean;
  /** The far side wants HTTP/1.1 for this (RFC 9113, 7: HTTP_1_1_REQUIRED). */
  readonly wantsHttp1: boolean;
  /** The far side is well, and only does not take this request over this connection. */
  readonly orderly: boolean;

  constructor(fault: Fault, fate: Fate, { passing = true, wantsHttp1 = false, orderly = false } = {}) {
    super(fault.message, { cause: fault });
    this.fault = fault;
    this.fate = fate;
    this.passing = passing;
    this.wantsHttp1 = wantsHttp1;
    this.orderly = orderly;
  }
}

/** More informational responses (1xx) than this to one request are an attack. */
export const MAX_INFORMATIONAL = 32;

/** The address as it may be shown: without name, password and query. */
export const shownUrl = ({ origin, pathname }: URL): string => origin + pathname;

/** Codes of what is wrong with what came, not with the way it came. */
const INVALID = /^(HPE_|ERR_HTTP2_ERROR$)/;

/** The fault for what a connection or a stream ended with. */
export function exchangeFault(url: string, error: Error): Fault {
  if (error instanceof Fault) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (!INVALID.test(code)) return farSideFault(url, error);
  return new Fault('RESPONSE_INVALID', { url, problem: error.message }, { cause: error });
}

const PART_BYTES = 65_536;

/** A body as it is written: a large one in parts, so that it shows how far the far side has taken it. */
export function partsOf(body: Outgoing['body']): Outgoing['body'] {
  if (!(body instanceof Uint8Array) || body.byteLength <= 4 * PART_BYTES) return body;
  return Readable.from(slices(body), { objectMode: false });
}

function* slices(body: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < body.byteLength; start += PART_BYTES) yield body.subarray(start, start + PART_BYTES);
}
