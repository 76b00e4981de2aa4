import { Agent } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

type Connected = (error: Error | null, socket: Duplex) => void;

/** The connections of HTTP/1.1 to one origin: kept while in use and a while longer, each made by `dial`. */
export class Http1Pool extends Agent {
  readonly #dial: () => Promise<Socket>;
  #spare: Socket | undefined;

  constructor(dial: () => Promise<Socket>, keepAlive: boolean, idleTimeoutMs: number) {
    super({ keepAlive, maxFreeSockets: Infinity, ...(keepAlive && { timeout: idleTimeoutMs }) });
    this.#dial = dial;
  }

  /** A connection that is open already: the next request takes it. */
  give(socket: Socket): void {
    this.#spare = socket;
  }

  override createConnection(_options: object, connected?: Connected): undefined {
    const spare = this.#spare;
    this.#spare = undefined;
    const opened = spare === undefined || spare.destroyed ? this.#dial() : Promise.resolve(spare);
    opened.then(
      (socket) => connected?.(null, socket),
      (error: unknown) => connected?.(error as Error, undefined as never),
    );
    return undefined;
  }

  override destroy(): void {
    this.#spare?.destroy();
    super.destroy();
  }
}
