import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { LinkState } from '../endpoint/link-state.ts';
import type { ProtocolName } from '../endpoint/traits.ts';

/** Figures of one link at one moment. Counts are since its start; latency, round trip and `recent` of the last 10 to 20 s. */
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
  /** Payload bytes sent. */
  readonly bytes: number;
  /** One way from send to receipt, in ms; 0 while nothing came. */
  readonly latencyP50Ms: number;
  readonly latencyP99Ms: number;
  /** From send until the far side had taken the message over, running mean in ms; 0 while nothing was sent. */
  readonly roundTripMs: number;
  readonly recent: { readonly sent: number; readonly failed: number };
}

const NANOSECONDS_PER_MS = 1e6;
/** Weight of the newest round trip in the running mean: old enough to be calm, young enough to notice within 10 messages. */
const ROUND_TRIP_WEIGHT = 0.2;
/** Two slices are kept, so a reading looks back one to two of them. */
const SLICE_MS = 10_000;
/** Percentiles are worked out at most this often. */
const FRESH_MS = 100;

interface Slice {
  readonly since: number;
  readonly latency: RecordableHistogram;
  sent: number;
  failed: number;
}

/** Counts what one link carries. Cheap enough for every message. */
export class Meter {
  readonly id: string;
  readonly protocol: ProtocolName;
  state: LinkState = { name: 'connecting' };
  readonly #now: () => number;
  #slice: Slice;
  #before: Slice | undefined;
  #sent = 0;
  #received = 0;
  #failed = 0;
  #inFlight = 0;
  #bytes = 0;
  #roundTripMs = 0;
  #latency = { at: -Infinity, p50: 0, p99: 0 };

  /** `now` is a clock in ms that never goes back. */
  constructor(id: string, protocol: ProtocolName, now: () => number = () => performance.now()) {
    this.id = id;
    this.protocol = protocol;
    this.#now = now;
    this.#slice = newSlice(now());
  }

  /** Runs one send, counting it and measuring its round trip. */
  async measure(bytes: number, send: () => Promise<void>): Promise<void> {
    const since = this.begin(bytes);
    try {
      await send();
      this.end(since, false);
    } catch (error) {
      this.end(since, true);
      throw error;
    }
  }

  /** Counts a send that begins; what it gives belongs to {@link end}. */
  begin(bytes: number): number {
    const now = this.#now();
    this.#sent += 1;
    this.#at(now).sent += 1;
    this.#inFlight += 1;
    this.#bytes += bytes;
    return now;
  }

  /** The send that began then is over. */
  end(since: number, failed: boolean): void {
    const now = this.#now();
    this.#inFlight -= 1;
    if (failed) {
      this.#failed += 1;
      this.#at(now).failed += 1;
      return;
    }
    const took = now - since;
    this.#roundTripMs =
      this.#roundTripMs === 0 ? took : this.#roundTripMs + ROUND_TRIP_WEIGHT * (took - this.#roundTripMs);
  }

  /** Counts a send that was over at once. Reads no clock: it belongs to the slice of the last reading or of the last send that took time. */
  passed(bytes: number): void {
    this.#sent += 1;
    this.#slice.sent += 1;
    this.#bytes += bytes;
  }

  /** Counts a message whose sender did not say when it left. */
  arrived(): void {
    this.#received += 1;
  }

  received(latencyMs: number): void {
    this.#received += 1;
    this.#current().latency.record(Math.max(1, Math.round(latencyMs * NANOSECONDS_PER_MS)));
  }

  /** The state is always that of now; percentiles may be 100 ms old. */
  read(): MeterReading {
    const slice = this.#current();
    const { p50, p99 } = this.#percentiles();
    return {
      id: this.id,
      protocol: this.protocol,
      state: this.state.name,
      ...(this.state.name === 'waiting' && { cause: this.state.cause.message }),
      sent: this.#sent,
      received: this.#received,
      failed: this.#failed,
      inFlight: this.#inFlight,
      bytes: this.#bytes,
      latencyP50Ms: p50,
      latencyP99Ms: p99,
      roundTripMs: this.#roundTripMs,
      recent: { sent: slice.sent + (this.#before?.sent ?? 0), failed: slice.failed + (this.#before?.failed ?? 0) },
    };
  }

  #percentiles(): { p50: number; p99: number } {
    const now = this.#now();
    if (now - this.#latency.at < FRESH_MS) return this.#latency;
    const all = createHistogram();
    for (const { latency } of [this.#slice, ...(this.#before === undefined ? [] : [this.#before])]) {
      if (latency.count > 0) all.add(latency);
    }
    const percentile = (share: number): number => (all.count === 0 ? 0 : all.percentile(share) / NANOSECONDS_PER_MS);
    this.#latency = { at: now, p50: percentile(50), p99: percentile(99) };
    return this.#latency;
  }

  #current(): Slice {
    return this.#at(this.#now());
  }

  /** The slice for now. After a long silence both are stale. */
  #at(now: number): Slice {
    const age = now - this.#slice.since;
    if (age >= SLICE_MS) {
      this.#before = age < 2 * SLICE_MS ? this.#slice : undefined;
      this.#slice = newSlice(now);
    }
    return this.#slice;
  }
}

function newSlice(since: number): Slice {
  return { since, latency: createHistogram(), sent: 0, failed: 0 };
}
