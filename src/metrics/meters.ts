import type { ProtocolName } from '../endpoint/traits.ts';
import { Meter } from './meter.ts';

/** The meters of this process's links, by the id of the node that carries. */
export class Meters {
  readonly #meters = new Map<string, Meter>();

  /** Starts a meter; a node that starts again begins from nothing. */
  open(id: string, protocol: ProtocolName): Meter {
    const meter = new Meter(id, protocol);
    this.#meters.set(id, meter);
    return meter;
  }

  find(id: string): Meter | undefined {
    return this.#meters.get(id);
  }

  close(meter: Meter): void {
    if (this.#meters.get(meter.id) === meter) this.#meters.delete(meter.id);
  }

  all(): Meter[] {
    return [...this.#meters.values()];
  }
}
