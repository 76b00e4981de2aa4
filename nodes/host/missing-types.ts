import type { EventEmitter } from 'node:events';
import type { Node, NodeDef } from 'node-red';
import { Fault } from '../../src/fault.ts';
import { statusLine } from '../adapter/status-line.ts';
import { toldError } from '../adapter/told-error.ts';

/** The part of an embedded Node-RED 5 that is used here; its types describe an older one. */
interface Runtime {
  readonly events: EventEmitter;
  readonly nodes: {
    createNode(node: Node, stored: NodeDef): void;
    registerType(nodeSet: string, type: string, constructor: (this: Node, stored: NodeDef) => void): void;
  };
}

/** Under whose name Node-RED keeps the stand-ins. */
const NODE_SET = 'chartwire/missing';
/** Node-RED's event emitter outlives a stop and a new start. */
const watched = new WeakSet<EventEmitter>();

/**
 * Node-RED runs nothing at all while a flow names a type that is not installed. With this the node of that type says so, on
 * itself and to Catch, each message it gets fails, and the rest runs. A module that is installed later needs a new start.
 */
export function standInForMissingTypes(runtime: Runtime): void {
  if (watched.has(runtime.events)) return;
  watched.add(runtime.events);
  runtime.events.on('runtime-event', (event: { payload?: { error?: string; types?: readonly string[] } }) => {
    if (event.payload?.error !== 'missing-types') return;
    // Node-RED takes each away as it is registered, and starts the flow at the last one. A missing subflow has no stand-in.
    const types = (event.payload.types ?? []).filter((type) => !type.startsWith('subflow:'));
    for (const type of types) runtime.nodes.registerType(NODE_SET, type, standIn(runtime, type));
  });
}

function standIn({ nodes }: Runtime, type: string): (this: Node, stored: NodeDef) => void {
  const fault = new Fault('TYPE_MISSING', { type });
  return function StandIn(this: Node, stored: NodeDef): void {
    nodes.createNode(this, stored);
    this.status({ fill: 'red', shape: 'ring', text: statusLine(fault) });
    // Catch nodes are made after their neighbours.
    setImmediate(() => this.error(toldError(fault), {}));
    this.on('input', (_message, _send, done) => done(toldError(fault)));
  };
}
