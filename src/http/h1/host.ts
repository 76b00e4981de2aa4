import type { Socket } from 'node:net';
import type { ExchangeHandler } from '../../front-door/door.ts';
import type { HeadLimits } from './head-reader.ts';

interface Http1Limits extends HeadLimits {
  /** For a head to come, for a whole request, and of silence between requests and of a far side that reads nothing, in ms. */
  readonly firstRequestMs: number;
  readonly requestMs: number;
  /** For each so many bytes of a body it may take a second longer. */
  readonly minBodyBytesPerSecond: number;
  readonly idleMs: number;
}

/** Who serves the requests of all connections of a door. */
export interface Http1Host {
  readonly limits: Http1Limits;
  /** The fields that say how long a connection is kept, so that no client asks on one that is about to close. */
  readonly keepAlive: string;
  /** A clock in ms that need not be finer than a second. */
  readonly now: () => number;
  /** Who serves this target; undefined: node:http is to have it. */
  find(target: string): ExchangeHandler | undefined;
  /** Calls a handler, and `onThrown` should it throw. */
  run(act: () => void, onThrown: () => void): void;
  /** Takes a connection from here on; the bytes have been read and not been used. */
  handOver(socket: Socket, bytes: Buffer): void;
  /** Counts what was refused, and why. */
  note(socket: Socket, reason: string): void;
  /** Refuses what did not come in time, and closes. */
  tooSlow(socket: Socket): void;
}
