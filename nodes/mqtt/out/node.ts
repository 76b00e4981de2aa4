import type { Link } from '../../../src/endpoint/endpoint.ts';
import { depart } from '../../adapter/depart.ts';
import type { FlowMessage } from '../../adapter/message.ts';
import { nodeType } from '../../adapter/node-type.ts';
import type { Lease } from '../../adapter/pool.ts';
import { borrowMqtt, qosOf, type MqttWish } from '../links.ts';
import { definition } from './definition.ts';

export default nodeType(definition, async (context) => {
  const { topic, qos, retain } = context.settings;
  const leases = new Map<string, Promise<Lease<Link>>>();
  const borrow = (wish: MqttWish): Promise<Lease<Link>> => {
    const key = `${wish.qos} ${wish.retain}`;
    const lease = leases.get(key) ?? borrowMqtt(context, wish);
    leases.set(key, lease);
    return lease;
  };
  const wishOf = (message: FlowMessage): MqttWish => ({
    qos: qosOf(qos === 'message' ? (message['qos'] ?? 1) : qos),
    retain: retain === 'message' ? isTrue(message['retain']) : retain === 'yes',
  });
  return depart(context, 'mqtt', await borrow(wishOf({})), {
    topic,
    sideFor: async (message) => (await borrow(wishOf(message))).side,
    close: async () => {
      const borrowed = await Promise.allSettled(leases.values());
      await Promise.all(borrowed.flatMap((lease) => (lease.status === 'fulfilled' ? [lease.value.release()] : [])));
    },
  });
});

/** As the core node reads it: `true`, or text that says so. */
function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}
