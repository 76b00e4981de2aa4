import { isFault } from '../../../src/fault.ts';
import type { HttpAnswer, HttpRequest } from '../../../src/http/client/index.ts';
import type { FlowMessage } from '../../adapter/message.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { nextMessageId } from '../../adapter/message-id.ts';
import { watchClient } from '../client-status.ts';
import { borrowClient } from '../clients.ts';
import { payloadOf, statusFault, withAnswer } from './answered.ts';
import { askOf } from './asked.ts';
import { definition } from './definition.ts';
import { emitParts } from './response-parts.ts';
import { Sequences } from './sequences.ts';

export default nodeType(definition, async (context) => {
  const { id, node, settings, services, send } = context;
  const { emit, ret, senderr, statusErrors, sequence } = settings;
  const { side, release } = await borrowClient(context);
  const { client } = side;
  const ask = askOf(context, side.allowUnverified);
  const meter = services.meters.open(id, 'http2');
  const stopWatching = watchClient(context, meter, client);

  const isRefusal = ({ status }: HttpAnswer<unknown>): boolean => statusErrors && status >= 400;

  /** Sends the request; gives the message with the response, or nothing when that has been emitted part by part. */
  const exchange = async (message: FlowMessage, request: HttpRequest): Promise<FlowMessage | undefined> => {
    const bytes = request.body instanceof Uint8Array ? request.body.byteLength : 0;
    const since = meter.begin(bytes);
    let failed = true;
    try {
      if (emit === 'whole') {
        const answer = await client.fetch(request);
        withAnswer(message, answer);
        node.metric('size.bytes', message as never, answer.body.length);
        const refused = isRefusal(answer);
        // What a server says of a refusal is seldom JSON.
        message.payload = payloadOf(answer, refused && ret === 'obj' ? 'txt' : ret);
        if (refused) throw statusFault(answer);
      } else {
        const answer = await client.open(request);
        if (isRefusal(answer)) {
          await answer.body.return();
          throw statusFault(answer);
        }
        await emitParts(message, answer, { emit, ret, id: nextMessageId() }, send);
      }
      failed = false;
      meter.arrived();
      return emit === 'whole' ? message : undefined;
    } finally {
      meter.end(since, failed);
    }
  };

  const sequences = new Sequences(async (first, body) => {
    const { parts: _parts, complete: _complete, ...rest } = first;
    const answered = await exchange(rest, ask(first, body));
    return answered ?? {};
  });

  const run = async (message: FlowMessage): Promise<void> => {
    const startedAt = performance.now();
    const isPart = sequence && message['parts'] !== undefined;
    const answered = isPart ? await sequences.take(message) : await exchange(message, ask(message));
    if (answered === undefined) return;
    node.metric('duration.millis', message as never, Number((performance.now() - startedAt).toFixed(3)));
    if (emit === 'whole') send(answered);
  };

  return {
    async input(message) {
      if (senderr) return run(message);
      try {
        await run(message);
      } catch (error) {
        // It goes both ways, as it does from the core node.
        const payload = error instanceof Error ? error.message : String(error);
        send({ ...message, payload, statusCode: isFault(error) ? error.code : undefined });
        throw error;
      }
    },
    async close() {
      stopWatching();
      await release();
      services.meters.close(meter);
    },
  };
});
