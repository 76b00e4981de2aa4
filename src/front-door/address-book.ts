import type { Socket } from 'node:net';

/** How many connections each address has open, and the limit to that. */
export class AddressBook {
  readonly #limit: number;
  readonly #open = new Map<string, number>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** False, and the socket destroyed, when its address has its share. */
  enter(socket: Socket): boolean {
    const address = socket.remoteAddress;
    const open = address === undefined ? this.#limit : (this.#open.get(address) ?? 0);
    if (address === undefined || open >= this.#limit) {
      socket.destroy();
      return false;
    }
    this.#open.set(address, open + 1);
    socket.once('close', () => this.#leave(address));
    return true;
  }

  #leave(address: string): void {
    const left = (this.#open.get(address) ?? 1) - 1;
    if (left === 0) this.#open.delete(address);
    else this.#open.set(address, left);
  }
}
