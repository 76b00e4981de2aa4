import { MqttLink } from '../../../src/endpoints/mqtt/index.ts';
import { carry } from '../../adapter/carry.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { escaping, unescaping } from '../../adapter/own-ends.ts';
import { borrowClient } from '../links.ts';
import { qosOf } from '../qos.ts';
import { definition } from './definition.ts';

export default nodeType(definition, async (context) => {
  const qos = qosOf(context.settings.qos);
  // An imported node's id may hold what has a meaning in topics.
  const prefix = `carry/${encodeURIComponent(context.id)}/`;
  const { side, release } = await borrowClient(context);
  const wish = { qos, subscribe: [{ filter: `${prefix}#`, qos }] };
  const link = new MqttLink(side, wish, { onRefused: context.fail });
  return carry(context, 'mqtt', {
    link: escaping(link, prefix),
    arrivals: unescaping(link, prefix),
    close: async () => {
      await link.close();
      await release();
    },
  });
});
