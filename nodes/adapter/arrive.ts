import { matches } from '../../src/broker/topic.ts';
import type { Link, Listener } from '../../src/endpoint/endpoint.ts';
import type { ReceivedMessage } from '../../src/endpoint/message.ts';
import type { ProtocolName } from '../../src/endpoint/traits.ts';
import type { Fields } from '../../src/spec/field.ts';
import { latencyOf } from './carry.ts';
import type { Behaviour, NodeContext } from './context.ts';
import { decodePayload } from './decode-payload.ts';
import type { FlowMessage } from './message.ts';
import type { PayloadType } from './payload-type.ts';
import type { Lease } from './pool.ts';
import { watchSide } from './watch-side.ts';
import { fromWire } from './wire-message.ts';

/** What an `in` node lets through, and as what. */
export interface Arrivals {
  /** Topic filter; empty lets everything through. */
  readonly topic: string;
  readonly datatype: PayloadType;
}

/** An `in` node: emits what arrives. A payload that cannot be read goes to Catch, and the rest runs on. */
export function arrive<F extends Fields>(
  context: NodeContext<F>,
  protocol: ProtocolName,
  { side, release }: Lease<Link | Listener>,
  { topic: filter, datatype }: Arrivals,
): Behaviour {
  const { id, services, signal, fail } = context;
  const meter = services.meters.open(id, protocol);
  const stopWatching = watchSide(context, meter, side);
  deliver(side.receive({ signal })).catch(fail);

  return {
    async close() {
      stopWatching();
      await release();
      services.meters.close(meter);
    },
  };

  async function deliver(arrivals: AsyncIterable<ReceivedMessage>): Promise<void> {
    for await (const arrived of arrivals) {
      if (filter !== '' && !matches(filter, arrived.topic)) continue;
      meter.received(latencyOf(arrived));
      emit(fromWire(arrived));
    }
  }

  function emit(message: FlowMessage): void {
    try {
      const payload = decodePayload(datatype, message);
      context.send({ ...message, payload });
    } catch (error) {
      fail(error, message);
    }
  }
}
