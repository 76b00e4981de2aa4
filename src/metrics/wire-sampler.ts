import { createLatencyHistogram, type LatencyHistogram } from './latency-histogram.ts';

/** What was seen of the messages followed over one wire since the last reading. */
export interface WireSample {
  /** Followed messages whose receiver was done with them, failed ones included. */
  readonly ended: number;
  /** Of all that ended or were never taken: what failed or did not arrive. 0 to 1. */
  readonly lossRatio: number;
  /** From leaving the sender until the receiver was done, in ms to 1.1 %; 0 when none ended. */
  readonly latencyP50Ms: number;
  readonly latencyP99Ms: number;
  /** Mean of the payloads followed; 0 when there were none. */
  readonly bytes: number;
}

/** Called when the receiver of a followed message is done with it. */
export type Ended = (failed: boolean) => void;

interface WireSamplerSettings {
  /** Messages followed at once, at most. Default 4,096. */
  readonly maxFollowed?: number;
  /** A message that nobody has taken by then is lost, in ms. Default 10,000. */
  readonly lostAfterMs?: number;
  /** A clock in ms that never goes back. */
  readonly now?: () => number;
}

interface Wire {
  readonly latency: LatencyHistogram;
  ended: number;
  failed: number;
  followed: number;
  bytes: number;
}

interface Followed {
  readonly wire: Wire;
  readonly at: number;
  /** It is lost when nobody takes it. */
  readonly canBeLost: boolean;
}

/** The wires of one output. */
interface LeftBy {
  readonly from: string;
  readonly port: number;
  readonly targets: readonly string[];
  readonly direct?: boolean;
}

/** Names a wire: from which output of which node it leads to which other. */
export const wireKey = (from: string, port: number, to: string): string => `${from} ${port} ${to}`;

/** Follows some messages from the node they leave to the end of their handling by the next one. */
export class WireSampler {
  readonly #maxFollowed: number;
  readonly #lostAfterMs: number;
  readonly #now: () => number;
  readonly #wires = new Map<string, Wire>();
  /** By receiver and message, oldest first. */
  readonly #followed = new Map<string, Followed>();

  constructor({ maxFollowed = 4_096, lostAfterMs = 10_000, now = () => performance.now() }: WireSamplerSettings = {}) {
    this.#maxFollowed = maxFollowed;
    this.#lostAfterMs = lostAfterMs;
    this.#now = now;
  }

  /** Followed messages that nobody has taken yet: with none, no receiver needs to ask. */
  get waiting(): number {
    return this.#followed.size;
  }

  /**
   * A message leaves over all wires of an output. One that leaves by a direct call may be taken by a node further on than the
   * wire's end (behind a junction, say), and cannot be lost.
   */
  left(wires: LeftBy, messageId: string, bytes: number): void {
    const { from, port, targets, direct = false } = wires;
    const at = this.#now();
    for (const to of targets) {
      const key = `${to} ${messageId}`;
      // Two messages with one id cannot be told apart.
      if (this.#followed.size >= this.#maxFollowed || this.#followed.has(key)) continue;
      const wire = this.#wireOf(wireKey(from, port, to));
      wire.followed += 1;
      wire.bytes += bytes;
      this.#followed.set(key, { wire, at, canBeLost: !direct });
    }
  }

  /** A node takes a message. When it is followed, the answer is to be called at the end of its handling. */
  arrived(to: string, messageId: string): Ended | undefined {
    const key = `${to} ${messageId}`;
    const followed = this.#followed.get(key);
    if (followed === undefined) return undefined;
    this.#followed.delete(key);
    const { wire, at } = followed;
    let open = true;
    return (failed) => {
      if (!open) return;
      open = false;
      wire.ended += 1;
      if (failed) wire.failed += 1;
      wire.latency.record(this.#now() - at);
    };
  }

  /** What was seen since the last reading, by {@link wireKey}. */
  read(): Map<string, WireSample> {
    const before = this.#now() - this.#lostAfterMs;
    const lost = new Map<Wire, number>();
    for (const [key, { wire, at, canBeLost }] of this.#followed) {
      if (at > before) break;
      this.#followed.delete(key);
      if (canBeLost) lost.set(wire, (lost.get(wire) ?? 0) + 1);
    }
    const samples = [...this.#wires].map(([key, wire]): [string, WireSample] => [
      key,
      sampleOf(wire, lost.get(wire) ?? 0),
    ]);
    for (const wire of this.#wires.values()) {
      wire.latency.reset();
      Object.assign(wire, { ended: 0, failed: 0, followed: 0, bytes: 0 });
    }
    return new Map(samples);
  }

  #wireOf(key: string): Wire {
    const known = this.#wires.get(key);
    if (known !== undefined) return known;
    const wire: Wire = { latency: createLatencyHistogram(), ended: 0, failed: 0, followed: 0, bytes: 0 };
    this.#wires.set(key, wire);
    return wire;
  }
}

function sampleOf({ latency, ended, failed, followed, bytes }: Wire, lost: number): WireSample {
  return {
    ended,
    lossRatio: ended + lost === 0 ? 0 : (failed + lost) / (ended + lost),
    latencyP50Ms: latency.percentile(50),
    latencyP99Ms: latency.percentile(99),
    bytes: followed === 0 ? 0 : bytes / followed,
  };
}
