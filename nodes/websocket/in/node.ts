import { matches } from '../../../src/broker/topic.ts';
import { latencyOf } from '../../adapter/carry.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { flowMessageOf, type Arrived, type Origin } from '../flow-message.ts';
import { borrowWebSocket } from '../links.ts';
import { watchWebSocket } from '../watch.ts';
import { definition } from './definition.ts';

export default nodeType(definition, async (context) => {
  const { id, services, settings, fail } = context;
  const { topic: filter, datatype } = settings;
  const { side, release } = await borrowWebSocket(context);
  const meter = services.meters.open(id, 'websocket');
  const stopWatching = watchWebSocket(context, meter, side);

  const take = (arrived: Arrived, origin: Origin): void => {
    const { message } = arrived;
    if (filter !== '' && !matches(filter, message?.topic ?? origin.topic)) return;
    if (message?.properties === undefined) meter.arrived();
    else meter.received(latencyOf({ ...message, from: origin.from }));
    try {
      context.send(flowMessageOf(arrived, origin, side.wholeMessages, datatype));
    } catch (error) {
      const topic = message?.topic ?? origin.topic;
      fail(error, { topic, payload: Buffer.from(arrived.payload), from: origin.from });
    }
  };
  const stop =
    'link' in side
      ? linkMessages(side.link, id, take)
      : side.listener.onMessage((arrival) => {
          const { client } = arrival;
          take(arrival, { session: client.info.id, topic: client.topic, from: client.from, client: client.info });
        });

  return {
    async close() {
      stop();
      stopWatching();
      await release();
      services.meters.close(meter);
    },
  };
});

function linkMessages(
  link: { readonly url: string; onMessage(take: (arrived: Arrived) => void): () => void },
  id: string,
  take: (arrived: Arrived, origin: Origin) => void,
): () => void {
  const { host, pathname } = new URL(link.url);
  const origin = { session: id, topic: pathname.slice(1) || 'websocket', from: host, client: undefined };
  return link.onMessage((arrived) => take(arrived, origin));
}
