import type { Socket } from 'node:net';

/** Notices that a far side takes nothing of what is sent to it. */
export class TakenBytes {
  readonly #socket: Socket;
  #taken = 0;
  #since: number;

  constructor(socket: Socket, now: number) {
    this.#socket = socket;
    this.#since = now;
  }

  /** For how long nothing has been taken, in ms; 0 when nothing waits. */
  stalledMs(now: number): number {
    const { bytesWritten, writableLength } = this.#socket;
    const taken = bytesWritten - writableLength;
    if (taken !== this.#taken || writableLength === 0) {
      this.#taken = taken;
      this.#since = now;
    }
    return now - this.#since;
  }
}
