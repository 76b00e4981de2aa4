import type { Node, NodeAPI } from 'node-red';
import { Fault } from '../../src/fault.ts';
import type { Behaviour } from './context.ts';
import { Pool, type Lease } from './pool.ts';
import { started } from './started.ts';

/**
 * The connections that the config nodes of one type lend to the nodes that name them. A wish says which, where one config
 * node has several (MQTT: what is subscribed to); nodes with the same wish share one.
 */
export class Lending<Wish, Side extends AsyncDisposable> {
  readonly #type: string;
  readonly #pools = new WeakMap<Node, Pool<Wish, Side>>();

  constructor(type: string) {
    this.#type = type;
  }

  /** What a config node does all its life: lend what `open` opens. */
  lend(node: Node, open: (wish: Wish) => Side | Promise<Side>): Behaviour {
    const pool = new Pool(node.name ?? node.id, open);
    this.#pools.set(node, pool);
    return { close: () => pool.close() };
  }

  /**
   * Waits for the config node to start. Rejects with CONFIG_MISSING when there is none of this type or it is disabled, with
   * the reason when it could not start, and with what opening throws.
   */
  async borrow(RED: NodeAPI, id: string, wish: Wish): Promise<Lease<Side>> {
    const node = RED.nodes.getNode(id) as Node | null | undefined;
    if (node) await started(node);
    const pool = node ? this.#pools.get(node) : undefined;
    if (pool === undefined) throw new Fault('CONFIG_MISSING', { type: this.#type, id });
    return pool.borrow(wish);
  }
}
