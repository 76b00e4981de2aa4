import { Fault } from '../../../src/fault.ts';
import { Parts } from '../../../src/http/parts.ts';
import type { SiteResponse } from '../../../src/http/site-response.ts';
import { isTexts } from '../../../src/endpoint/is-texts.ts';
import type { Behaviour, NodeContext } from '../../adapter/context.ts';
import type { FlowMessage } from '../../adapter/message.ts';
import type { definition } from './definition.ts';
import { fixedOf, newResponseOf, prepare, responseOf } from './prepare.ts';

/** Each message is a part of the answer; the one with `msg.complete` is the last, and may bring `msg.trailers`. */
export function answerInParts({ settings }: NodeContext<typeof definition.fields>): Behaviour {
  const fixed = fixedOf(settings);
  const { maxWaitingBytes } = settings;
  const open = new Map<SiteResponse, Parts>();

  const begin = (message: FlowMessage): Parts => {
    const response = newResponseOf(message);
    prepare(response, message, fixed);
    const parts = new Parts(response, { compress: true, maxWaitingBytes });
    open.set(response, parts);
    response.exchange.onOver(() => open.delete(response));
    return parts;
  };

  const send = (parts: Parts, { payload, complete, trailers }: FlowMessage, response: SiteResponse): void => {
    if (!parts.write(payload)) {
      throw new Fault('QUEUE_FULL', { queue: `the answer to ${response.exchange.target}`, limit: maxWaitingBytes });
    }
    if (complete === undefined || complete === false) return;
    open.delete(response);
    parts.end(isTexts(trailers) ? trailers : undefined);
  };

  return {
    input(message) {
      const response = responseOf(message);
      const parts = open.get(response) ?? begin(message);
      try {
        send(parts, message, response);
      } catch (error) {
        // Without this part it would never be whole.
        response.exchange.abort();
        throw error instanceof TypeError ? new Fault('MESSAGE_INVALID', { problem: error.message }) : error;
      }
    },
    close() {
      for (const { exchange } of open.keys()) exchange.abort();
    },
  };
}
