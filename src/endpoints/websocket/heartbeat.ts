import { closeCodes } from '../../wire/websocket/index.ts';
import type { Connection } from './connection.ts';

/** A connection that is looked after. */
export interface Pulse {
  readonly connection: Connection;
  /** Since when (performance.now()) it owes us an acknowledgement. */
  readonly owesSince: number | undefined;
  /** Looks without a sign of life so far. */
  silentLooks: number;
}

/** Looks within `keepAliveMs`: what is silent is asked at each, and is gone after the last. */
const LOOKS = 3;

/**
 * Pings what is silent, and ends a connection that stays so for `keepAliveMs`, or that acknowledges nothing for so long.
 * One timer serves all connections. It counts looks, not time: a process that stood still has not heard anybody.
 */
export class Heartbeat {
  readonly #keepAliveMs: number;
  readonly #dropSlow: boolean;
  readonly #pulses: () => Iterable<Pulse>;
  readonly #timer: NodeJS.Timeout | undefined;

  /** 0 ms: nobody is looked after. */
  constructor(keepAliveMs: number, dropSlow: boolean, pulses: () => Iterable<Pulse>) {
    this.#keepAliveMs = keepAliveMs;
    this.#dropSlow = dropSlow;
    this.#pulses = pulses;
    if (keepAliveMs > 0) this.#timer = setInterval(() => this.#look(), keepAliveMs / LOOKS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    for (const pulse of this.#pulses()) {
      const { connection, owesSince } = pulse;
      if (connection.heard || connection.isPaused) {
        connection.heard = false;
        pulse.silentLooks = 0;
      } else pulse.silentLooks += 1;
      if (this.#dropSlow && owesSince !== undefined && now - owesSince > this.#keepAliveMs) {
        connection.close(closeCodes.overload, 'it takes nothing of what it is sent');
      } else if (pulse.silentLooks > LOOKS) connection.terminate();
      else if (pulse.silentLooks > 0) connection.ping();
    }
  }
}
