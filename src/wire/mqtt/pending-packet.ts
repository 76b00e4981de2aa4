const smallBytes = 4096;
const nothing = Buffer.alloc(0);

/** Collects a packet that comes in several chunks. It takes at most 4 KiB or twice what has arrived, whatever length the far side announces. */
export class PendingPacket {
  bytes: Buffer = nothing;
  length = 0;
  /** Of the whole packet; 0 while its fixed header is not whole. */
  totalBytes = 0;

  append(chunk: Buffer, start: number, end: number): void {
    const needed = this.length + end - start;
    if (needed > this.bytes.length) this.#grow(needed);
    chunk.copy(this.bytes, this.length, start, end);
    this.length = needed;
  }

  /** Hands the bytes over and starts anew. */
  take(): Buffer {
    const { bytes } = this;
    this.bytes = nothing;
    this.length = 0;
    this.totalBytes = 0;
    return bytes;
  }

  #grow(needed: number): void {
    const wanted = Math.max(this.totalBytes, 5);
    const capacity = wanted <= smallBytes ? wanted : Math.min(wanted, Math.max(2 * needed, smallBytes));
    const grown = Buffer.allocUnsafe(Math.max(capacity, needed));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }
}
