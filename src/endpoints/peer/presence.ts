/** How the bytes go: over one network, through NATs without a helper, or by way of a relay. */
export type PeerPath = 'lan' | 'direct' | 'relayed';

/** A far side that is connected. */
export interface PeerInfo {
  /** What it is called here; without such a name, what its certificate says. */
  readonly name: string;
  /** SHA-256 of its certificate, 64 hex digits. */
  readonly fingerprint: string;
  readonly path: PeerPath;
  /** Time there and back, measured by the last answer; nothing before the first. */
  readonly latencyMs: number | undefined;
}

/** What became of a far side. `latency` comes with every measurement. */
export interface Presence extends PeerInfo {
  readonly event: 'joined' | 'left' | 'path' | 'latency';
}

/** Tells what becomes of far sides to whoever wants to know. */
export class PresenceTeller {
  readonly #listeners = new Set<(presence: Presence) => void>();

  on(listener: (presence: Presence) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(event: Presence['event'], info: PeerInfo): void {
    for (const listener of this.#listeners) listener({ event, ...info });
  }

  close(): void {
    this.#listeners.clear();
  }
}
