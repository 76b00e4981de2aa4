import type { Connection } from './connection.ts';

/** Reads no further from a connection while readers have no room for what came by it. */
export class ReaderRoom {
  #held = 0;

  /** `room` never rejects. */
  await(room: Promise<void>, connection: Connection): void {
    this.#held += 1;
    connection.pause();
    void room.then(() => {
      this.#held -= 1;
      if (this.#held === 0) connection.resume();
    });
  }
}
