import type { Link, Source } from '../../src/endpoint/endpoint.ts';
import type { Message, ReceivedMessage } from '../../src/endpoint/message.ts';
import type { ProtocolName } from '../../src/endpoint/traits.ts';
import { isFault } from '../../src/fault.ts';
import type { Fields } from '../../src/spec/field.ts';
import type { Behaviour, NodeContext } from './context.ts';
import type { FlowMessage } from './message.ts';
import { watchSide } from './watch-side.ts';
import { fromWire, SENT_AT, toWire } from './wire-message.ts';

/** The two ends a carrying node stands between. */
export interface Ends {
  /** Sends what comes in. */
  readonly link: Link;
  /** Gives what arrived at the other end. */
  readonly arrivals: Source;
  /** Closes whatever was opened for the two. */
  close(): Promise<void>;
}

/**
 * A box that carries messages over a protocol: what comes in leaves through a real link, and what arrives at the other
 * end comes out. An incoming message is done when the far side has taken it over.
 */
export function carry<F extends Fields>(context: NodeContext<F>, protocol: ProtocolName, ends: Ends): Behaviour {
  const { id, services, signal, fail } = context;
  const meter = services.meters.open(id, protocol);
  const stopWatching = watchSide(context, meter, ends.link);
  void deliver();

  return {
    async input(message: FlowMessage) {
      const outgoing = withVisited(toWire(message, wallClockMs()), message);
      await meter.measure(outgoing.payload.byteLength, () => ends.link.send(outgoing, { signal }));
    },
    async close() {
      stopWatching();
      await ends.close();
      services.meters.close(meter);
    },
  };

  async function deliver(): Promise<void> {
    try {
      for await (const arrived of ends.arrivals.receive({ signal })) {
        const latencyMs = latencyOf(arrived);
        meter.received(latencyMs);
        const carried = { protocol, latencyMs, bytes: arrived.payload.byteLength };
        context.send({ ...fromWire(arrived), ...visitedOf(arrived), carried });
      }
    } catch (error) {
      // Closing the node ends the reading; anything else is news.
      if (!signal.aborted && !(isFault(error) && error.code === 'LINK_CLOSED')) fail(error);
    }
  }
}

/** Property that carries which loop guards a message has passed, so that a circle ends though it leads through a protocol. */
const VISITED = 'visited';
/** Property that carries which message it is, for steps that pass each once. */
const MESSAGE_ID = 'message-id';
/** Guards of one message; more are not of our making. */
const MOST_VISITED = 64;

function withVisited(outgoing: Message, { visited, _msgid: id }: FlowMessage): Message {
  if (!Array.isArray(visited) || visited.length === 0) return outgoing;
  const told = {
    [VISITED]: visited.slice(-MOST_VISITED).join(' '),
    ...(typeof id === 'string' && { [MESSAGE_ID]: id }),
  };
  return { ...outgoing, properties: { ...outgoing.properties, ...told } };
}

function visitedOf({ properties }: ReceivedMessage): Pick<FlowMessage, 'visited' | '_msgid'> {
  const visited = properties?.[VISITED];
  if (visited === undefined || visited === '') return {};
  const id = properties?.[MESSAGE_ID];
  return { visited: visited.split(' ').slice(-MOST_VISITED), ...(id !== undefined && { _msgid: id }) };
}

/** Both ends run on one clock here. A message from elsewhere has no time of ours: its latency counts as none. */
export function latencyOf({ properties }: ReceivedMessage): number {
  const sentAt = Number(properties?.[SENT_AT]);
  return Number.isFinite(sentAt) ? Math.max(0, wallClockMs() - sentAt) : 0;
}

/** Ms since 1970 with a fraction: whole milliseconds are too coarse for links that need less than one. */
function wallClockMs(): number {
  return performance.timeOrigin + performance.now();
}
