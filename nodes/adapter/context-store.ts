import type { Node, NodeAPI } from 'node-red';
import { calledBack, type Later } from './later.ts';
import type { FlowMessage } from './message.ts';

/** A place in the context of the flow, or of all flows: `counts.doors`, or `#:(file)::counts` in a named store. */
export interface ContextPlace {
  readonly read: (message: FlowMessage) => Later<unknown>;
  readonly write: (message: FlowMessage, value: unknown) => Later<void>;
}

/** Stores in memory answer at once, others later. */
export function contextPlace(RED: NodeAPI, node: Node, scope: 'flow' | 'global', place: string): ContextPlace {
  const parsed = RED.util.parseContextStore(place) as { key: string; store?: string };
  const keyFor = parsed.key.includes('[msg')
    ? (message: FlowMessage) => normalise(RED, parsed.key, message)
    : () => parsed.key;
  const store = node.context()[scope];
  return {
    read: (message) =>
      calledBack((done) => store.get(keyFor(message), parsed.store, done as (error: Error | null) => void)),
    write: (message, value) => calledBack<void>((done) => store.set(keyFor(message), value, parsed.store, done)),
  };
}

/** The types of Node-RED leave out the message. */
interface Normaliser {
  normalisePropertyExpression(key: string, message: FlowMessage, asText: true): string;
}

function normalise(RED: NodeAPI, key: string, message: FlowMessage): string {
  return (RED.util as unknown as Normaliser).normalisePropertyExpression(key, message, true);
}
