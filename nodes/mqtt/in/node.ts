import { arrive } from '../../adapter/arrive.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { borrowMqtt, qosOf } from '../links.ts';
import { definition } from './definition.ts';

const RETAIN_HANDLING = { '0': 0, '1': 1, '2': 2 } as const;

export default nodeType(definition, async (context) => {
  const { topic: filter, qos, nl, rh, datatype } = context.settings;
  const subscription = { filter, qos: qosOf(qos), noLocal: nl, retainHandling: RETAIN_HANDLING[rh] };
  const lease = await borrowMqtt(context, { subscribe: [subscription] });
  // The broker has chosen already.
  return arrive(context, 'mqtt', lease, { topic: '', datatype });
});
