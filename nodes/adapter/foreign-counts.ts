import type { Ended } from '../../src/metrics/wire-sampler.ts';
import type { Look, Watched } from './look.ts';

const COUNTS = Symbol('chartwire counts');

/** What went through a node that is not ours. */
export class ForeignCounts implements Watched {
  received = 0;
  errors = 0;
  /** Messages that left, by output. */
  readonly sent: number[] = [];
  /** What is to be called when the node is done with a message that is followed. */
  followed = new WeakMap<object, Ended>();
  /** How many of them there are: while there are none, no message is asked whether it is one. */
  underWay = 0;
  /** Only while somebody looks. */
  look: Look | undefined;
  next: number[] = [];
  follows = false;

  /** All counts at zero, for so many outputs, and nobody looks. */
  reset(outputs: number): void {
    this.received = 0;
    this.errors = 0;
    this.sent.length = 0;
    for (let port = 0; port < outputs; port += 1) this.sent.push(0);
    this.next = this.sent.map(() => Infinity);
    this.follows = false;
    this.look = undefined;
    this.followed = new WeakMap();
    this.underWay = 0;
  }
}

/**
 * The counts of a node that is counted: whoever takes a message past it counts it here. They stand at the node, since to look
 * them up in a table would cost each message more than to count it.
 */
export const countsOf = (node: object): ForeignCounts | undefined => (node as { [COUNTS]?: ForeignCounts })[COUNTS];

/** Puts counts at a node, or none. Nobody who walks through the node's properties sees them. */
export function putCounts(node: object, counts: ForeignCounts | undefined): void {
  Object.defineProperty(node, COUNTS, { value: counts, writable: true, configurable: true, enumerable: false });
}
