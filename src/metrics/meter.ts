import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { LinkState } from '../endpoint/link-state.ts';
import type { ProtocolName } from '../endpoint/traits.ts';

/** Figures of one link at one moment. Latency in ms, one way from send to receipt; round trip in ms. */
export interface MeterReading {
  readonly id: string;
  readonly protocol: ProtocolName;
  readonly state: LinkState['name'];
  /** Why the link is not up, for people. */
  readonly cause?: string;
  readonly sent: number;
  readonly received: number;
  readonly failed: number;
  readonly inFlight: number;
  readonly bytes: number;
  readonly latencyP50Ms: number;
  readonly latencyP99Ms: number;
  readonly roundTripMs: number;
}

const NANOSECONDS_PER_MS = 1e6;
/** Weight of the newest round trip in the running mean: old enough to be calm, young enough to notice within 10 messages. */
const ROUND_TRIP_WEIGHT = 0.2;

/** Counts what one link carries. Cheap enough for every message. */
export class Meter {
  readonly id: string;
  readonly protocol: ProtocolName;
  state: LinkState = { name: 'connecting' };
  #latency: RecordableHistogram = createHistogram();
  #sent = 0;
  #received = 0;
  #failed = 0;
  #inFlight = 0;
  #bytes = 0;
  #roundTripMs = 0;

  constructor(id: string, protocol: ProtocolName) {
    this.id = id;
    this.protocol = protocol;
  }

  /** Runs one send, counting it and measuring its round trip. */
  async measure(bytes: number, send: () => Promise<void>): Promise<void> {
    const start = performance.now();
    this.#sent += 1;
    this.#inFlight += 1;
    this.#bytes += bytes;
    try {
      await send();
      const took = performance.now() - start;
      this.#roundTripMs =
        this.#roundTripMs === 0 ? took : this.#roundTripMs + ROUND_TRIP_WEIGHT * (took - this.#roundTripMs);
    } catch (error) {
      this.#failed += 1;
      throw error;
    } finally {
      this.#inFlight -= 1;
    }
  }

  received(latencyMs: number): void {
    this.#received += 1;
    this.#latency.record(Math.max(1, Math.round(latencyMs * NANOSECONDS_PER_MS)));
  }

  read(): MeterReading {
    const cause = this.state.name === 'waiting' ? { cause: this.state.cause.message } : {};
    return {
      id: this.id,
      protocol: this.protocol,
      state: this.state.name,
      ...cause,
      sent: this.#sent,
      received: this.#received,
      failed: this.#failed,
      inFlight: this.#inFlight,
      bytes: this.#bytes,
      latencyP50Ms: this.#received === 0 ? 0 : this.#latency.percentile(50) / NANOSECONDS_PER_MS,
      latencyP99Ms: this.#received === 0 ? 0 : this.#latency.percentile(99) / NANOSECONDS_PER_MS,
      roundTripMs: this.#roundTripMs,
    };
  }
}
