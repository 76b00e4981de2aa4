import type { NodeAPI } from 'node-red';

/** What went through one node since the last deploy. */
export interface NodeCounts {
  received: number;
  sent: number;
  errors: number;
  state: string;
}

/** The runtime's parts we count by; the types of Node-RED leave them open. */
interface SendEvent {
  readonly source: { readonly id: string; readonly port: number };
  readonly destination: { readonly id: string };
}
interface Hooks {
  add(name: string, act: (event: never) => void): void;
  remove(name: string): void;
}

/**
 * Counts messages for each node and wire. Hook callbacks take exactly one parameter: with another number Node-RED waits
 * for a callback that never comes.
 */
export class FlowCounters {
  readonly nodes = new Map<string, NodeCounts>();
  /** By `source:port:target`. */
  readonly wires = new Map<string, number>();
  readonly #hooks: Hooks;

  constructor(RED: Pick<NodeAPI, 'hooks' | 'events'>) {
    this.#hooks = RED.hooks as unknown as Hooks;
    this.#hooks.add('onSend.chartwire', (events: SendEvent[]) => {
      for (const { source, destination } of events) {
        this.node(source.id).sent += 1;
        const wire = `${source.id}:${source.port}:${destination.id}`;
        this.wires.set(wire, (this.wires.get(wire) ?? 0) + 1);
      }
    });
    this.#hooks.add('onReceive.chartwire', (event: { destination: { id: string } }) => {
      this.node(event.destination.id).received += 1;
    });
    this.#hooks.add('onComplete.chartwire', (event: { node: { id: string }; error?: unknown }) => {
      if (event.error !== undefined) this.node(event.node.id).errors += 1;
    });
    // Without a status: the node was removed.
    RED.events.on('node-status', (event: { id: string; status?: { text?: string } }) => {
      this.node(event.id).state = event.status?.text ?? '';
    });
    // A deploy may have replaced any node: figures of what is gone would mislead.
    RED.events.on('flows:stopping', () => this.clear());
  }

  node(id: string): NodeCounts {
    let counts = this.nodes.get(id);
    if (counts === undefined) {
      counts = { received: 0, sent: 0, errors: 0, state: '' };
      this.nodes.set(id, counts);
    }
    return counts;
  }

  clear(): void {
    this.nodes.clear();
    this.wires.clear();
  }

  close(): void {
    this.#hooks.remove('*.chartwire');
  }
}
