import type { Door } from './door.ts';

type Protocol = keyof Door['counts'];
interface Life {
  once(event: 'close', listener: () => void): unknown;
  destroy(): unknown;
}

/** The connections of the door by protocol, and which protocols are shut. */
export class Traffic {
  readonly counts = { mqtt: counter(), http1: counter(), http2: counter(), websocket: counter() };
  readonly shut = new Set<Protocol>();
  readonly #lives = { mqtt: lives(), http1: lives(), http2: lives(), websocket: lives() };

  /** Counts it until it closes. */
  enter(protocol: Protocol, life: Life): void {
    const count = this.counts[protocol];
    count.open += 1;
    count.taken += 1;
    this.#lives[protocol].add(life);
    life.once('close', () => {
      count.open -= 1;
      this.#lives[protocol].delete(life);
    });
  }

  /** A connection that entered as HTTP/1.1 goes on as a WebSocket. */
  upgrade(life: Life): void {
    this.enter('websocket', life);
    this.#lives.http1.delete(life);
    this.counts.http1.open -= 1;
    life.once('close', () => (this.counts.http1.open += 1));
  }

  setOpen(protocol: Protocol, open: boolean): void {
    if (open) {
      this.shut.delete(protocol);
      return;
    }
    this.shut.add(protocol);
    for (const life of this.#lives[protocol]) life.destroy();
  }
}

function counter(): { open: number; taken: number } {
  return { open: 0, taken: 0 };
}

function lives(): Set<Life> {
  return new Set();
}
