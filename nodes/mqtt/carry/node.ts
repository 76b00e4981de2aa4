import { carry } from '../../adapter/carry.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { escaping, unescaping } from '../../adapter/own-ends.ts';
import { borrowMqtt, linkLimits, qosOf } from '../links.ts';
import { definition } from './definition.ts';
import { publishSubscribe } from './publish-subscribe.ts';

export default nodeType(definition, async (context) => {
  const qos = qosOf(context.settings.qos);
  // An imported node's id may hold what has a meaning in topics.
  const prefix = `carry/${encodeURIComponent(context.id)}/`;
  await using opened = new AsyncDisposableStack();
  const subscriber = await borrowMqtt(context, { subscribe: [{ filter: `${prefix}#`, qos }] });
  opened.defer(() => subscriber.release());
  const publisher = await borrowMqtt(context, { qos });
  opened.defer(() => publisher.release());
  const link = publishSubscribe(publisher.side, subscriber.side, linkLimits(publisher.side));
  const lifetime = opened.move();
  return carry(context, 'mqtt', {
    link: escaping(link, prefix),
    arrivals: unescaping(link, prefix),
    close: () => lifetime.disposeAsync(),
  });
});
