import type { Audience } from '../../../src/endpoints/websocket/index.ts';
import type { Message } from '../../../src/endpoint/message.ts';
import { Fault } from '../../../src/fault.ts';
import type { Behaviour } from '../../adapter/context.ts';
import { depart } from '../../adapter/depart.ts';
import type { FlowMessage } from '../../adapter/message.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { toWire } from '../../adapter/wire-message.ts';
import { namedAudience, sessionOf } from '../audience-of.ts';
import { borrowWebSocket } from '../links.ts';
import { packed } from '../outgoing.ts';
import { watchWebSocket } from '../watch.ts';
import { definition } from './definition.ts';

const everybody: Audience = {};
const nothing = new Uint8Array();

export default nodeType(definition, async (context): Promise<Behaviour> => {
  const { id, services, settings, signal } = context;
  const { topic, audience: mode } = settings;
  const { side, release } = await borrowWebSocket(context);
  if ('link' in side && !side.link.isPlain) {
    return depart(context, 'websocket', { side: side.link, release }, settings);
  }
  const meter = services.meters.open(id, 'websocket');
  const stopWatching = watchWebSocket(context, meter, side);
  const { wholeMessages } = side;

  const audienceOf = (message: FlowMessage): Audience => {
    const named = namedAudience(message, settings);
    const session = sessionOf(message);
    if (mode === 'others')
      return { ...named, except: [...(named?.except ?? []), ...(session === undefined ? [] : [session])] };
    if (named !== undefined) return named;
    return mode === 'everyone' || session === undefined ? everybody : { id: session };
  };
  const sent = (sizeBytes: number, later: Promise<void> | undefined): Promise<void> | undefined => {
    if (later === undefined) meter.passed(sizeBytes);
    else return meter.measure(sizeBytes, () => later);
    return undefined;
  };

  return {
    input(message) {
      if ('link' in side) {
        const one = packed(message, wholeMessages, false);
        return sent(one.sizeBytes, side.link.sendPlain(one, { signal }));
      }
      const { listener } = side;
      const audience = audienceOf(message);
      const one = packed(message, wholeMessages, audience.id === undefined, listener.nextMark);
      if (one.sizeBytes > listener.maxPayloadBytes) {
        throw new Fault('PAYLOAD_TOO_LARGE', { sizeBytes: one.sizeBytes, limitBytes: listener.maxPayloadBytes });
      }
      const named = topic || (typeof message.topic === 'string' ? message.topic : '') || listener.topic;
      // Only who knows our frames gets topic and properties, and only an outbox keeps the payload.
      const full: Message = listener.needsWhole
        ? toWire({ ...message, topic: named })
        : { topic: named, payload: nothing };
      return sent(one.sizeBytes, listener.publish(full, audience, one, { signal }));
    },
    async close() {
      stopWatching();
      await release();
      services.meters.close(meter);
    },
  };
});
