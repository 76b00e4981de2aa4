import type { Link, Listener } from '../../src/endpoint/endpoint.ts';
import type { ProtocolName } from '../../src/endpoint/traits.ts';
import type { Fields } from '../../src/spec/field.ts';
import type { Behaviour, NodeContext } from './context.ts';
import type { FlowMessage } from './message.ts';
import type { Lease } from './pool.ts';
import { watchSide } from './watch-side.ts';
import { toWire } from './wire-message.ts';

export interface Departures {
  /** Topic of every message; empty takes the message's own. */
  readonly topic: string;
  /** Another side for this message than the one of the settings. */
  readonly sideFor?: (message: FlowMessage) => Promise<Pick<Link, 'send'>>;
  /** Gives back what `sideFor` borrowed. */
  readonly close?: () => Promise<void>;
}

/** An `out` node: sends what comes in. A message is done when the far side has taken it over, else it goes to Catch. */
export function depart<F extends Fields>(
  context: NodeContext<F>,
  protocol: ProtocolName,
  { side, release }: Lease<Link | Listener>,
  { topic, sideFor, close }: Departures,
): Behaviour {
  const { id, services, signal } = context;
  const meter = services.meters.open(id, protocol);
  const stopWatching = watchSide(context, meter, side);

  return {
    async input(message) {
      const outgoing = toWire({ ...message, topic: topic || ownTopic(message) });
      const through = sideFor === undefined ? side : await sideFor(message);
      await meter.measure(outgoing.payload.byteLength, () => through.send(outgoing, { signal }));
    },
    async close() {
      stopWatching();
      await close?.();
      await release();
      services.meters.close(meter);
    },
  };
}

/** As the core `mqtt out` node does: a reply goes to where it was asked for. */
function ownTopic({ topic, responseTopic }: FlowMessage): unknown {
  return typeof topic === 'string' && topic !== '' ? topic : responseTopic;
}
