import type { Node, NodeAPI } from 'node-red';
import type { Look, Watched } from '../adapter/look.ts';
import { runningNodes } from '../adapter/running-nodes.ts';
import type { ForeignCounts } from '../adapter/foreign-counts.ts';
import { countForeign, stopCounting } from './count-foreign.ts';

/** What went through one node since the last deploy. */
export interface NodeCounts {
  readonly received: number;
  /** Once for each wire it went over. */
  readonly sent: number;
  readonly errors: number;
  readonly state: string;
}

/** A node as somebody who looks at the flow sees it. */
export interface Looked {
  readonly id: string;
  readonly received: number;
  readonly errors: number;
  /** Messages it has taken and is not done with; undefined where that is not known. */
  readonly queued: number | undefined;
  readonly sent: readonly number[];
  readonly wires: readonly (readonly string[])[];
  /** Who is told of its messages. */
  look: Look | undefined;
  readonly watched: Watched;
}

/** Reads what each node has counted: ours count themselves, others are given a count when the flow has started. */
export class FlowCounters {
  readonly #RED: Pick<NodeAPI, 'events' | 'nodes'>;
  readonly #foreign = new Map<string, { readonly node: Node; readonly counts: ForeignCounts }>();
  readonly #states = new Map<string, string>();
  readonly #stopListening: () => void;

  constructor(RED: Pick<NodeAPI, 'events' | 'nodes'>) {
    this.#RED = RED;
    // Without a status: the node was removed.
    const onStatus = ({ id, status }: { id: string; status?: { text?: string } }): void => {
      this.#states.set(id, status?.text ?? '');
    };
    const onStopping = (): void => this.#clear();
    const onStarted = (): void => this.#countForeign();
    RED.events.on('node-status', onStatus);
    // A deploy may have replaced any node: figures of what is gone would mislead.
    RED.events.on('flows:stopping', onStopping);
    RED.events.on('flows:started', onStarted);
    this.#stopListening = () => {
      RED.events.off('node-status', onStatus);
      RED.events.off('flows:stopping', onStopping);
      RED.events.off('flows:started', onStarted);
    };
  }

  node(id: string): NodeCounts {
    const own = runningNodes(this.#RED).get(id);
    const { received, errors, sent } = own ?? this.#foreign.get(id)?.counts ?? { received: 0, errors: 0, sent: [] };
    const wires = own?.node.wires ?? wiresOf(this.#foreign.get(id)?.node);
    const overWires = sent.reduce((sum, count, port) => sum + count * (wires[port]?.length ?? 0), 0);
    return { received, errors, sent: overWires, state: this.#states.get(id) ?? '' };
  }

  /** Messages that left through an output: so many went over each of its wires. */
  sent(id: string, port: number): number {
    const { sent } = runningNodes(this.#RED).get(id) ?? this.#foreign.get(id)?.counts ?? { sent: [] };
    return sent[port] ?? 0;
  }

  /** Every running node, as it is now. */
  *all(): Generator<Looked> {
    for (const own of runningNodes(this.#RED).all())
      yield lookedAt(
        own.node.id,
        own,
        () => own.node.wires,
        () => own.queued,
      );
    for (const [id, { node, counts }] of this.#foreign)
      yield lookedAt(
        id,
        counts,
        () => wiresOf(node),
        () => undefined,
      );
  }

  close(): void {
    if (known.get(this.#RED.events) === this) known.delete(this.#RED.events);
    this.#stopListening();
    for (const { node } of this.#foreign.values()) stopCounting(node);
    this.#clear();
  }

  #countForeign(): void {
    this.#RED.nodes.eachNode((stored) => {
      // Config nodes, tabs and groups get no messages; ours count themselves.
      if (!('wires' in stored) || runningNodes(this.#RED).get(stored.id) !== undefined) return;
      // The types leave out that a disabled node runs nowhere.
      const node = this.#RED.nodes.getNode(stored.id) as Node | null | undefined;
      if (node) this.#foreign.set(stored.id, { node, counts: countForeign(node) });
    });
  }

  #clear(): void {
    this.#foreign.clear();
    this.#states.clear();
  }
}

type Counts = Pick<Looked, 'received' | 'errors' | 'sent' | 'look'> & Watched;

function lookedAt(id: string, counts: Counts, wires: () => Looked['wires'], queued: () => Looked['queued']): Looked {
  return {
    id,
    watched: counts,
    get received() {
      return counts.received;
    },
    get errors() {
      return counts.errors;
    },
    get sent() {
      return counts.sent;
    },
    get wires() {
      return wires();
    },
    get queued() {
      return queued();
    },
    get look() {
      return counts.look;
    },
    set look(look) {
      counts.look = look;
    },
  };
}

const known = new WeakMap<NodeAPI['events'], FlowCounters>();

/** The counters of one Node-RED. Nodes are counted once, whoever reads. */
export function flowCounters(RED: Pick<NodeAPI, 'events' | 'nodes'>): FlowCounters {
  const counters = known.get(RED.events) ?? new FlowCounters(RED);
  known.set(RED.events, counters);
  return counters;
}

const wiresOf = (node: Node | undefined): readonly (readonly string[])[] =>
  (node as { wires?: readonly (readonly string[])[] } | undefined)?.wires ?? [];
