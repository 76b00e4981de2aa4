/** A buffer of the pool. Who took it gives it back with `release` once, when its bytes have left. */
export interface Slab {
  readonly bytes: Buffer;
  readonly release: () => void;
}

/** Buffers of one size, used again; at most `kept` wait for their next use. */
export class Slabs {
  readonly slabBytes: number;
  readonly #kept: number;
  readonly #free: Slab[] = [];

  constructor(slabBytes: number, kept: number) {
    this.slabBytes = slabBytes;
    this.#kept = kept;
  }

  take(): Slab {
    return this.#free.pop() ?? this.#make();
  }

  #make(): Slab {
    const slab: Slab = {
      bytes: Buffer.allocUnsafeSlow(this.slabBytes),
      release: () => {
        if (this.#free.length < this.#kept) this.#free.push(slab);
      },
    };
    return slab;
  }
}
