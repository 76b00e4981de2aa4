/** What was seen of the messages followed over one wire since the last reading. */
export interface WireSample {
  /** Followed messages whose receiver was done with them, failed ones included. */
  readonly ended: number;
  /** Of all that ended or were never taken: what failed or did not arrive. 0 to 1. */
  readonly lossRatio: number;
  /** From leaving the sender until the receiver was done, in ms; 0 when none ended. */
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
  /** Of each message that ended. */
  latenciesMs: number[];
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

/** What a receiver is to take. */
interface Awaited {
  /** By message, the oldest first. */
  readonly messages: Map<string, Followed>;
  onChange: (awaits: boolean) => void;
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
  readonly #awaited = new Map<string, Awaited>();
  #waiting = 0;

  constructor({ maxFollowed = 4_096, lostAfterMs = 10_000, now = () => performance.now() }: WireSamplerSettings = {}) {
    this.#maxFollowed = maxFollowed;
    this.#lostAfterMs = lostAfterMs;
    this.#now = now;
  }

  /**
   * Tells when the first followed message is on its way to a node, and when none is any more: in between it has to ask whether a
   * message is one of them.
   */
  onAwaited(to: string, act: (awaits: boolean) => void): void {
    this.#awaitedBy(to).onChange = act;
  }

  /**
   * A message leaves over all wires of an output. One that leaves by a direct call may be taken by a node further on than the
   * wire's end (behind a junction, say), and cannot be lost.
   */
  left(wires: LeftBy, messageId: string, bytes: number): void {
    const { from, port, targets, direct = false } = wires;
    const at = this.#now();
    for (const to of targets) {
      const awaited = this.#awaitedBy(to);
      // Two messages with one id cannot be told apart.
      if (this.#waiting >= this.#maxFollowed || awaited.messages.has(messageId)) continue;
      const wire = this.#wireOf(wireKey(from, port, to));
      wire.followed += 1;
      wire.bytes += bytes;
      awaited.messages.set(messageId, { wire, at, canBeLost: !direct });
      this.#waiting += 1;
      if (awaited.messages.size === 1) awaited.onChange(true);
    }
  }

  /** A node takes a message. When it is followed, the answer is to be called at the end of its handling. */
  arrived(to: string, messageId: string): Ended | undefined {
    const awaited = this.#awaited.get(to);
    const followed = awaited?.messages.get(messageId);
    if (awaited === undefined || followed === undefined) return undefined;
    this.#forget(awaited, messageId);
    const { wire, at } = followed;
    let open = true;
    return (failed) => {
      if (!open) return;
      open = false;
      if (failed) wire.failed += 1;
      wire.latenciesMs.push(this.#now() - at);
    };
  }

  /** What was seen since the last reading, by {@link wireKey}. */
  read(): Map<string, WireSample> {
    const lost = this.#giveUp(this.#now() - this.#lostAfterMs);
    const samples = [...this.#wires].map(([key, wire]): [string, WireSample] => [
      key,
      sampleOf(wire, lost.get(wire) ?? 0),
    ]);
    for (const wire of this.#wires.values()) Object.assign(wire, { latenciesMs: [], failed: 0, followed: 0, bytes: 0 });
    return new Map(samples);
  }

  /** Stops waiting for what left before; how many of these are lost, by wire. */
  #giveUp(before: number): Map<Wire, number> {
    const lost = new Map<Wire, number>();
    for (const awaited of this.#awaited.values())
      for (const [id, { wire, at, canBeLost }] of awaited.messages) {
        if (at > before) break;
        this.#forget(awaited, id);
        if (canBeLost) lost.set(wire, (lost.get(wire) ?? 0) + 1);
      }
    return lost;
  }

  #forget(awaited: Awaited, messageId: string): void {
    awaited.messages.delete(messageId);
    this.#waiting -= 1;
    if (awaited.messages.size === 0) awaited.onChange(false);
  }

  #awaitedBy(to: string): Awaited {
    const awaited = this.#awaited.get(to) ?? { messages: new Map(), onChange: () => {} };
    this.#awaited.set(to, awaited);
    return awaited;
  }

  #wireOf(key: string): Wire {
    const known = this.#wires.get(key);
    if (known !== undefined) return known;
    const wire: Wire = { latenciesMs: [], failed: 0, followed: 0, bytes: 0 };
    this.#wires.set(key, wire);
    return wire;
  }
}

function sampleOf({ latenciesMs, failed, followed, bytes }: Wire, lost: number): WireSample {
  const ended = latenciesMs.length;
  const sorted = latenciesMs.toSorted((one, other) => one - other);
  const percentile = (percent: number): number => sorted[Math.ceil((ended * percent) / 100) - 1] ?? 0;
  return {
    ended,
    lossRatio: ended + lost === 0 ? 0 : (failed + lost) / (ended + lost),
    latencyP50Ms: percentile(50),
    latencyP99Ms: percentile(99),
    bytes: followed === 0 ? 0 : bytes / followed,
  };
}
