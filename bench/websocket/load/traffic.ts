import { Histogram } from '../../mqtt/load/histogram.ts';
import type { Slice } from '../../mqtt/load/traffic.ts';
import { NumberedFrame, type Client } from './client.ts';

const DRAIN_MS = 20_000;

interface Form {
  readonly payloadBytes: number;
  /** Under way at most: for each connection of an echo, and in all of a broadcast. */
  readonly window: number;
  /** Everybody gets what the first sends. */
  readonly toAll: boolean;
}

/** Sends numbered messages and counts what comes back; one that is lost or out of order is an error. */
export class Traffic {
  readonly #clients: readonly Client[];
  readonly #form: Form;
  readonly #frame: NumberedFrame;
  readonly #sentAtUs: Float64Array;
  readonly #lanes: Lane[] = [];
  #isOpen = false;
  #histogram = new Histogram();
  #arrived = 0;
  #problem: string | undefined;
  #onTurn: (() => void) | undefined;

  constructor(clients: readonly Client[], form: Form) {
    this.#clients = clients;
    this.#form = form;
    this.#frame = new NumberedFrame(form.payloadBytes);
    this.#sentAtUs = new Float64Array(form.window * 4);
    for (const client of clients) this.#lanes.push(this.#lane(client));
  }

  async run(forMs: number): Promise<Slice> {
    const start = performance.now();
    const before = this.#arrived;
    this.#histogram = new Histogram();
    this.#isOpen = true;
    for (const lane of this.#form.toAll ? this.#lanes.slice(0, 1) : this.#lanes) lane.fill();
    await new Promise((resolve) => setTimeout(resolve, forMs));
    this.#isOpen = false;
    await this.#drained();
    if (this.#problem !== undefined) throw new Error(this.#problem);
    return {
      messages: this.#arrived - before,
      ms: performance.now() - start,
      p50Us: this.#histogram.quantile(0.5),
      p99Us: this.#histogram.quantile(0.99),
    };
  }

  hangUp(): void {
    for (const { socket } of this.#clients) {
      socket.removeAllListeners('close');
      socket.destroy();
    }
  }

  #lane(client: Client): Lane {
    const { window, toAll } = this.#form;
    const lane: Lane = {
      sent: 0,
      expected: 0,
      fill: () => {
        const from = toAll ? Math.min(...this.#lanes.map(({ expected }) => expected)) : lane.expected;
        const room = window - (lane.sent - from);
        // Half a window at once: each refill then costs the load one write.
        if (room < window / 2) return;
        const now = performance.now() * 1000;
        for (let number = lane.sent; number < lane.sent + room; number += 1) {
          this.#sentAtUs[number % this.#sentAtUs.length] = now;
        }
        client.socket.write(this.#frame.of(lane.sent, room));
        lane.sent += room;
      },
    };
    client.socket.once('close', () => (this.#problem ??= 'a connection was closed by the other end'));
    let isFresh = true;
    let now = 0;
    client.events = {
      message: (number) => {
        if (number !== lane.expected) this.#problem ??= `message ${number} arrived where ${lane.expected} was due`;
        lane.expected = number + 1;
        this.#arrived += 1;
        if (isFresh) now = performance.now() * 1000;
        isFresh = false;
        this.#histogram.add(now - this.#sentAtUs[number % this.#sentAtUs.length]!);
      },
      turn: () => {
        isFresh = true;
        if (this.#isOpen) (toAll ? this.#lanes[0]! : lane).fill();
        this.#onTurn?.();
      },
    };
    return lane;
  }

  async #drained(): Promise<void> {
    const isDone = (): boolean =>
      this.#form.toAll
        ? this.#lanes.every(({ expected }) => expected === this.#lanes[0]!.sent)
        : this.#lanes.every(({ sent, expected }) => sent === expected);
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(deadline);
        this.#onTurn = undefined;
        resolve();
      };
      const deadline = setTimeout(() => {
        this.#problem ??= 'messages did not arrive';
        end();
      }, DRAIN_MS);
      this.#onTurn = () => {
        if (isDone()) end();
      };
      this.#onTurn();
    });
  }
}

interface Lane {
  sent: number;
  /** Number of the message that is due. */
  expected: number;
  fill(): void;
}
