import { payloadBytes } from '../../src/metrics/payload-bytes.ts';
import type { Ended, WireSampler } from '../../src/metrics/wire-sampler.ts';

/** Messages followed on each output in a second: enough for a p99 worth showing after a few seconds, too few to be felt. */
const EACH_SECOND = 10;

/**
 * What a node asks itself at each message. It stands at the node and is asked whether somebody looks or not, so that to be looked
 * at costs a message nothing but the few that are followed.
 */
export interface Watched {
  /** By output: the message that is followed next, counted from the start; Infinity while nobody looks. */
  next: number[];
  /** Whether a followed message is on its way to this node; when not, none needs to be looked for. */
  follows: boolean;
}

/** What somebody who looks at the flow is told by one node. Nobody looks at a node without one. */
export class Look {
  readonly #id: string;
  readonly #sampler: WireSampler;
  readonly #node: Watched;
  readonly #stride: number[];
  readonly #budget: number[];
  #open = true;

  /** `sent` are the messages that have left so far, by output that a wire leads from. */
  constructor(id: string, sampler: WireSampler, node: Watched, sent: readonly number[]) {
    this.#id = id;
    this.#sampler = sampler;
    this.#node = node;
    node.next = node.next.map((_, port) => (sent[port] ?? Infinity) + 1);
    node.follows = false;
    sampler.onAwaited(id, (awaits) => {
      if (this.#open) node.follows = awaits;
    });
    this.#stride = sent.map(() => 1);
    this.#budget = sent.map(() => EACH_SECOND);
  }

  /** Nobody looks any more. */
  close(): void {
    this.#open = false;
    this.#node.next.fill(Infinity);
    this.#node.follows = false;
  }

  /** A second is over, in which so many left an output: spreads what is followed over the next one. */
  pace(port: number, lastSecond: number, sent: number): void {
    const stride = Math.max(1, Math.floor(lastSecond / EACH_SECOND));
    this.#stride[port] = stride;
    this.#budget[port] = EACH_SECOND;
    const { next } = this.#node;
    next[port] = Math.min(next[port] ?? Infinity, sent + stride);
  }

  /** A message leaves that is due, the `sent`th of its output; by a direct call or through the runtime. */
  left(port: number, sent: number, targets: readonly string[], message: object, direct: boolean): void {
    const budget = (this.#budget[port] ?? 0) - 1;
    this.#budget[port] = budget;
    this.#node.next[port] = budget > 0 ? sent + (this.#stride[port] ?? 1) : Infinity;
    const id = messageIdOf(message);
    if (id !== undefined && targets.length > 0)
      this.#sampler.left({ from: this.#id, port, targets, direct }, id, payloadBytes(Reflect.get(message, 'payload')));
  }

  /** A message is taken. The answer, if any, is to be called when it is done with. */
  arrived(message: object): Ended | undefined {
    const id = messageIdOf(message);
    return id === undefined ? undefined : this.#sampler.arrived(this.#id, id);
  }
}

function messageIdOf(message: object): string | undefined {
  const id: unknown = Reflect.get(message, '_msgid');
  return typeof id === 'string' ? id : undefined;
}
