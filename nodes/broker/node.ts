import type { ClientEvent } from '../../src/broker/broker.ts';
import { Fault } from '../../src/fault.ts';
import type { Services } from '../../src/app/services.ts';
import type { FlowMessage } from '../adapter/message.ts';
import { nodeType } from '../adapter/node-type.ts';
import { toWire } from '../adapter/wire-message.ts';
import { definition } from './definition.ts';
import { EventGate } from '../../src/broker/event-gate.ts';

/** Which events a choice of the form lets through. */
const wanted: Readonly<Record<string, readonly ClientEvent[]>> = {
  all: ['connected', 'gone', 'refused', 'slow', 'subscribed', 'unsubscribed'],
  clients: ['connected', 'gone'],
  subscriptions: ['subscribed', 'unsubscribed'],
  problems: ['refused', 'slow'],
};
const SHOW_MS = 1_000;

export default nodeType(definition, ({ settings, services, send, status, every, signal }) => {
  const { broker } = services;
  const gate = new EventGate();
  const stop = broker.onClient((event, { clientId, identity, connectedAt }, reason) => {
    if (wanted[settings.events]?.includes(event) !== true) return;
    const leftOut = gate.pass();
    if (leftOut === undefined) return;
    send({
      topic: event,
      payload: {
        clientId,
        identity,
        connectedAt,
        ...(reason !== undefined && (event.endsWith('subscribed') ? { filter: reason } : { reason })),
        ...(leftOut > 0 && { leftOut }),
      },
    });
  });
  signal.addEventListener('abort', stop, { once: true });
  let { published } = broker.counts;
  const show = (): void => {
    const rate = broker.counts.published - published;
    published += rate;
    const { size } = broker.clients;
    status('up', `${size} ${size === 1 ? 'client' : 'clients'}, ${rate}/s`);
  };
  show();
  every(SHOW_MS, show);
  return { input: (message) => act(services, message) };
});

async function act({ broker }: Services, message: FlowMessage): Promise<void> {
  switch (message['action']) {
    case 'publish': {
      const { qos, retain } = message;
      const given = qos === 1 || qos === 2 ? qos : 0;
      await broker.publish({ ...toWire(message), qos: given, retain: retain === true });
      return;
    }
    case 'kick': {
      const { clientId, forget } = message;
      if (typeof clientId !== 'string') throw new Fault('MESSAGE_INVALID', { problem: 'msg.clientId is no text' });
      if (!broker.kick(clientId, { forget: forget === true }))
        throw new Fault('MESSAGE_INVALID', { problem: `no client is called ${clientId}` });
      return;
    }
    default:
      throw new Fault('MESSAGE_INVALID', { problem: 'msg.action is neither publish nor kick' });
  }
}
