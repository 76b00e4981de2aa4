import type { Qos } from './bytes.ts';
import type { Connection } from './connection.ts';
import { Histogram } from './histogram.ts';
import { Publisher, type Numbering } from './publisher.ts';
import { NUMBERS, type Stamp } from './stamp.ts';

export interface TrafficForm {
  readonly topic: string;
  readonly qos: Qos;
  readonly stamp: Stamp;
  /** Published and not yet arrived everywhere, at most; a power of two. */
  readonly window: number;
  /** How many times a published message arrives. */
  readonly copies: number;
}

/** One stretch of traffic. */
export interface Slice {
  /** Messages that arrived; each copy counts. */
  readonly messages: number;
  readonly ms: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

/** How long messages may take that are under way when a slice ends. Longer, and they are lost. */
const DRAIN_MS = 5_000;

/**
 * Publishes on some connections and counts what arrives on others. A message that is lost, comes twice, damaged, or out of
 * order where there is one publisher is an error: a side that does not deliver has no rate.
 */
export class Traffic implements Numbering {
  readonly #form: TrafficForm;
  readonly #publishers: Publisher[] = [];
  readonly #sentAtUs: Float64Array;
  #requested = 0;
  #numbered = 0;
  #arrived = 0;
  #open = false;
  #turn = 0;
  #nowUs = 0;
  #fresh = true;
  #histogram = new Histogram();
  #problem: string | undefined;
  #onTurn: (() => void) | undefined;

  constructor(form: TrafficForm) {
    this.#form = form;
    this.#sentAtUs = new Float64Array(Math.min(NUMBERS, form.window * 4));
  }

  /** Takes a connection over. What arrives on it counts; it publishes too when it is told so. */
  join(connection: Connection, { publishes }: { readonly publishes: boolean }): void {
    const { topic, qos, stamp } = this.#form;
    const publisher = publishes ? new Publisher(connection, topic, qos, stamp, this) : undefined;
    if (publisher !== undefined) this.#publishers.push(publisher);
    let expected = this.#numbered;
    connection.socket.once('close', () => (this.#problem ??= 'a connection was closed by the other end'));
    connection.events = {
      message: (chunk, start, end) => {
        const number = stamp.read(chunk, start, end);
        if (number !== expected) this.#unexpected(number, expected);
        expected = (number + 1) & (NUMBERS - 1);
        if (this.#fresh) this.leave();
        this.#fresh = false;
        this.#histogram.add(this.#nowUs - this.#sentAtUs[number & (this.#sentAtUs.length - 1)]!);
        this.#arrived += 1;
      },
      acknowledged: (count) => publisher?.acknowledged(count),
      turn: () => {
        this.#fresh = true;
        if (this.#open) this.#fill();
        this.#onTurn?.();
      },
      other: connection.events.other,
    };
  }

  leave(): void {
    this.#nowUs = performance.now() * 1000;
  }

  next(): number {
    const number = this.#numbered;
    this.#sentAtUs[number & (this.#sentAtUs.length - 1)] = this.#nowUs;
    this.#numbered = (number + 1) & (NUMBERS - 1);
    return number;
  }

  /** Keeps the window full for so long and waits for all that was sent. */
  async closed(forMs: number): Promise<Slice> {
    return await this.#slice(async () => {
      this.#open = true;
      this.#fill();
      await new Promise((resolve) => setTimeout(resolve, forMs));
      this.#open = false;
    });
  }

  /** Sends one message at a time, `perSecond`, whatever comes back. */
  async steady(forMs: number, perSecond: number): Promise<Slice> {
    return await this.#slice(async () => {
      const start = performance.now();
      for (let sent = 0; sent < (forMs / 1000) * perSecond; sent += 1) {
        const wait = start + (sent * 1000) / perSecond - performance.now();
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
        if (this.#requested - this.#arrived / this.#form.copies < this.#form.window) this.#send(1);
      }
    });
  }

  async #slice(act: () => Promise<void>): Promise<Slice> {
    const arrived = this.#arrived;
    const start = performance.now();
    this.#histogram = new Histogram();
    await act();
    await this.#drained();
    if (this.#problem !== undefined) throw new Error(this.#problem);
    const [messages, ms] = [this.#arrived - arrived, performance.now() - start];
    return { messages, ms, p50Us: this.#histogram.quantile(0.5), p99Us: this.#histogram.quantile(0.99) };
  }

  #fill(): void {
    const { window, copies } = this.#form;
    const room = window - Math.ceil(this.#requested - this.#arrived / copies);
    if (room > 0) this.#send(room);
  }

  #send(count: number): void {
    const { length } = this.#publishers;
    this.#requested += count;
    // One publisher gets all at once, a thousand take turns.
    const share = length === 1 ? count : 1;
    for (let left = count; left > 0; left -= share) {
      this.#publishers[this.#turn]!.send(share);
      this.#turn = (this.#turn + 1) % length;
    }
  }

  async #drained(): Promise<void> {
    const isDone = (): boolean =>
      this.#arrived >= this.#requested * this.#form.copies &&
      this.#publishers.every(({ unacknowledged }) => unacknowledged === 0);
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(deadline);
        this.#onTurn = undefined;
        resolve();
      };
      const deadline = setTimeout(() => {
        this.#problem ??= `${this.#requested * this.#form.copies - this.#arrived} messages did not arrive`;
        end();
      }, DRAIN_MS);
      this.#onTurn = () => {
        if (isDone()) end();
      };
      this.#onTurn();
    });
  }

  #unexpected(number: number, expected: number): void {
    if (Number.isNaN(number)) this.#problem ??= 'a message arrived damaged';
    else if (this.#publishers.length === 1) this.#problem ??= `message ${number} arrived where ${expected} was due`;
  }
}
