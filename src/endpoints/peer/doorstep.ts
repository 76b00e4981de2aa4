import type { Socket } from 'node:net';

/** Where a connection comes from. */
type Origin = Pick<Socket, 'remoteAddress' | 'remotePort'>;

/** Connections that nobody has let in yet, at most so many from one address: what is left is for others. */
export class Doorstep {
  readonly #mostOfOne: number;
  readonly #ports = new Map<string, Set<number>>();

  constructor(mostOfOne: number) {
    this.#mostOfOne = mostOfOne;
  }

  /** False when there are too many of its address already. */
  arrive(socket: Socket): boolean {
    const { remoteAddress = '', remotePort = 0 } = socket;
    let ports = this.#ports.get(remoteAddress);
    if (ports === undefined) this.#ports.set(remoteAddress, (ports = new Set()));
    if (ports.size >= this.#mostOfOne) return false;
    ports.add(remotePort);
    // It has no address any more when it is closed.
    socket.once('close', () => this.leave({ remoteAddress, remotePort }));
    return true;
  }

  /** It was let in, or is gone. */
  leave({ remoteAddress = '', remotePort = 0 }: Origin): void {
    const ports = this.#ports.get(remoteAddress);
    ports?.delete(remotePort);
    if (ports?.size === 0) this.#ports.delete(remoteAddress);
  }
}
