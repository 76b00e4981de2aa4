/** What the far side may send before it is read (RFC 9113, 5.2), of a stream or of a connection. */
export class ReceiveWindow {
  readonly #giveBackAt: number;
  #left: number;
  #owed = 0;

  constructor(bytes: number) {
    this.#left = bytes;
    this.#giveBackAt = bytes / 2;
  }

  /** False: it has sent more than it may. */
  take(bytes: number): boolean {
    this.#left -= bytes;
    return this.#left >= 0;
  }

  /** So much has been read. Returns what to give back now: a half at a time, for each costs a frame. */
  giveBack(bytes: number): number {
    this.#owed += bytes;
    const owed = this.#owed;
    if (owed < this.#giveBackAt) return 0;
    this.#left += owed;
    this.#owed = 0;
    return owed;
  }
}
