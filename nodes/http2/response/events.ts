import { Fault } from '../../../src/fault.ts';
import { EventChannel } from '../../../src/http/event-channel.ts';
import { SiteResponse } from '../../../src/http/site-response.ts';
import { jsonText } from '../../../src/http/json-text.ts';
import { refuseExchange } from '../../../src/http/status-of-fault.ts';
import type { Behaviour, NodeContext } from '../../adapter/context.ts';
import type { FlowMessage } from '../../adapter/message.ts';
import type { definition } from './definition.ts';
import { fixedOf, newResponseOf, prepare } from './prepare.ts';

const FIGURES_EVERY_MS = 1_000;

/** A request opens a stream of events; messages without one go to all that are open, or to those of their topic. */
export function answerWithEvents({ settings, status, every }: NodeContext<typeof definition.fields>): Behaviour {
  const fixed = fixedOf(settings);
  const channel = new EventChannel(settings);
  const show = (): void => status('up', `${channel.readers} reading`);
  show();
  every(FIGURES_EVERY_MS, show);

  const open = (message: FlowMessage): void => {
    const response = newResponseOf(message);
    prepare(response, message, fixed);
    const last = response.exchange.headers['last-event-id']?.toString();
    if (channel.open(response, textOf(message.topic), last)) return;
    const fault = new Fault('QUEUE_FULL', { queue: 'the stream of events', limit: settings.maxReaders });
    refuseExchange(response.exchange, fault);
    throw fault;
  };

  return {
    input(message) {
      const { res } = message;
      if (res instanceof SiteResponse && res.stream === undefined) return open(message);
      const event = {
        topic: textOf(message.topic),
        id: textOf(message['eventId']),
        event: textOf(message['event']),
        retryMs: typeof message['retryMs'] === 'number' ? message['retryMs'] : undefined,
        data: dataOf(message.payload),
      };
      channel.send(event, res instanceof SiteResponse ? res : undefined);
    },
    close: () => channel.close(),
  };
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;

function dataOf(payload: unknown): string {
  if (typeof payload === 'string') return payload;
  if (payload instanceof Uint8Array) return Buffer.from(payload).toString();
  return jsonText(payload);
}
