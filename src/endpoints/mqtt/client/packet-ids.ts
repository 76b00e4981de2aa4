import { IntMap } from '../../../int-map.ts';

const LAST = 65_535;

/** Packet identifiers of what we send, each in use once (MQTT 5, 2.2.1). */
export class PacketIds {
  readonly #used = new IntMap<true>();
  #last = 0;

  /** Undefined when all are in use. */
  take(): number | undefined {
    if (this.#used.size === LAST) return undefined;
    do this.#last = this.#last === LAST ? 1 : this.#last + 1;
    while (this.#used.has(this.#last));
    this.#used.set(this.#last, true);
    return this.#last;
  }

  free(id: number): void {
    this.#used.delete(id);
  }
}
