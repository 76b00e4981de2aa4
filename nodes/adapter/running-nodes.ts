import type { NodeAPI } from 'node-red';
import type { OwnNode } from './own-node.ts';

/** The nodes of ours that run in one Node-RED, by id. */
export class RunningNodes {
  readonly #byId = new Map<string, OwnNode>();

  /** Until the signal fires. */
  add(own: OwnNode, signal: AbortSignal): void {
    const { id } = own.node;
    this.#byId.set(id, own);
    signal.addEventListener('abort', () => {
      if (this.#byId.get(id) === own) this.#byId.delete(id);
    });
  }

  get(id: string): OwnNode | undefined {
    return this.#byId.get(id);
  }

  all(): Iterable<OwnNode> {
    return this.#byId.values();
  }
}

/** Node-RED gives every node the same emitter of events, which outlives a stop and a new start. */
const known = new WeakMap<NodeAPI['events'], RunningNodes>();

export function runningNodes({ events }: Pick<NodeAPI, 'events'>): RunningNodes {
  const nodes = known.get(events) ?? new RunningNodes();
  known.set(events, nodes);
  return nodes;
}
