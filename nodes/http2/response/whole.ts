import { Parts } from '../../../src/http/parts.ts';
import { isParts } from '../../../src/http/site-response.ts';
import type { Behaviour, NodeContext } from '../../adapter/context.ts';
import type { definition } from './definition.ts';
import { fixedOf, newResponseOf, prepare } from './prepare.ts';

/** One message, one answer; a payload that is a stream is sent as it comes. */
export function answerWhole({ settings }: NodeContext<typeof definition.fields>): Behaviour {
  const fixed = fixedOf(settings);
  const { maxWaitingBytes } = settings;
  return {
    input(message) {
      const response = newResponseOf(message);
      prepare(response, message, fixed);
      const { payload } = message;
      if (!isParts(payload)) return response.send(payload);
      return new Parts(response, { compress: true, maxWaitingBytes }).pipe(payload);
    },
  };
}
