import type { Node, NodeAPI } from 'node-red';
import type { FlowMessage } from './message.ts';
import type { OwnNode, Receiver } from './own-node.ts';

/** The part of Node-RED's node that finds the receivers of its wires. */
interface Routed {
  readonly _flow: { getNode(id: string): Node | null | undefined };
}

/** The node a wire of this one leads to, as the runtime finds it. */
export function routed(from: Node, id: string): Node | undefined {
  const node = (from as unknown as Routed)._flow.getNode(id);
  return typeof node === 'object' && node !== null ? node : undefined;
}

/** A direct call to a node that a Complete node listens to. */
export class CompletedWire implements Receiver {
  readonly #to: OwnNode;

  constructor(to: OwnNode) {
    this.#to = to;
  }

  take(message: FlowMessage): void {
    this.#to.take(message, (error) => this.#to.node._complete(message, error));
  }
}

/** One of several wires of an output, by the runtime: a turn of its own for each message. */
export class RuntimeWire implements Receiver {
  readonly #RED: NodeAPI;
  readonly #to: Node;

  constructor(RED: NodeAPI, to: Node) {
    this.#RED = RED;
    this.#to = to;
  }

  take(message: FlowMessage): void {
    setImmediate(() => {
      try {
        this.#to.receive(message as never);
      } catch (error) {
        this.#RED.log.error(`Error delivering message to node ${this.#to.id}: ${String(error)}`);
      }
    });
  }
}

/** Several wires of one output: the first gets the message itself, the others copies, made before anybody has touched it. */
export class Branches implements Receiver {
  readonly #RED: NodeAPI;
  readonly #first: Receiver;
  readonly #others: readonly Receiver[];

  constructor(RED: NodeAPI, [first, ...others]: readonly [Receiver, ...Receiver[]]) {
    this.#RED = RED;
    this.#first = first;
    this.#others = others;
  }

  take(message: FlowMessage): void {
    const copies = this.#others.map(() => this.#RED.util.cloneMessage(message as never) as FlowMessage);
    this.#first.take(message);
    for (let index = 0; index < copies.length; index += 1) this.#others[index]!.take(copies[index]!);
  }
}
