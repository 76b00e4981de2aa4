import {
  noProperties,
  reasonCode,
  type Suback,
  type Subscribe,
  type Unsuback,
  type Unsubscribe,
} from '../wire/mqtt/index.ts';
import type { Connection } from './connection.ts';
import { newestMessage } from './message.ts';
import { splitShared, type Subscription } from './subscription.ts';

/** SUBSCRIBE: each filter is granted or refused on its own (MQTT 5, 3.8.4). */
export function subscribe(connection: Connection, packet: Subscribe): void {
  const { core } = connection;
  const session = connection.session!;
  const id = packet.properties.subscriptionIdentifiers?.[0] ?? 0;
  const fresh: { readonly subscription: Subscription; readonly retainHandling: 0 | 1 | 2; readonly isNew: boolean }[] =
    [];
  const reasonCodes = packet.subscriptions.map(
    ({ topicFilter: name, qos: asked, noLocal, retainAsPublished, retainHandling }) => {
      const { group, filter } = splitShared(name);
      const refusal = refusalOf(connection, name, filter);
      if (refusal !== undefined) {
        core.refused(connection, refusal.problem);
        // MQTT 3.1.1 knows one code; MQTT 3.1 knows none, and its clients take this one for a refusal as well.
        return connection.five ? refusal.code : 0x80;
      }
      const qos = Math.min(asked, core.limits.maxQos) as 0 | 1 | 2;
      const subscription = { owner: session, name, filter, group, qos, noLocal, retainAsPublished, id };
      fresh.push({ subscription, retainHandling, isNew: !session.subscriptions.has(name) });
      core.sessions.subscribe(session, subscription);
      core.tell('subscribed', connection, name);
      return qos;
    },
  );
  // What is published until the subscription is on disk is heard as it comes.
  const newest = newestMessage();
  connection.safely(() => {
    answer(connection, { type: 'suback', packetId: packet.packetId, reasonCodes, properties: noProperties });
    for (const { subscription, retainHandling, isNew } of fresh) {
      if (subscription.group !== undefined || retainHandling === 2 || (retainHandling === 1 && !isNew)) continue;
      core.backlogs.add(connection, subscription, newest);
    }
    core.backlogs.pump(connection);
  });
}

export function unsubscribe(connection: Connection, { packetId, topicFilters }: Unsubscribe): void {
  const { core } = connection;
  const reasonCodes = topicFilters.map((name) => {
    if (!core.sessions.unsubscribe(connection.session!, name)) return reasonCode.noSubscriptionExisted;
    core.tell('unsubscribed', connection, name);
    return reasonCode.success;
  });
  connection.safely(() => answer(connection, { type: 'unsuback', packetId, reasonCodes, properties: noProperties }));
}

/** A client that cannot be answered would wait for ever (MQTT 5, 3.1.2-24 and 3.8.4-1). */
function answer(connection: Connection, packet: Suback | Unsuback): void {
  if (connection.outlet.writer.packet(packet)) return;
  connection.deny(reasonCode.packetTooLarge, `it takes no packets as large as its ${packet.type.toUpperCase()}`);
}

function refusalOf(
  { core, identity, session }: Connection,
  name: string,
  filter: string,
): { code: number; problem: string } | undefined {
  const tooDeep = core.depthProblem(filter);
  if (tooDeep !== undefined) return { code: reasonCode.topicFilterInvalid, problem: tooDeep };
  if (!core.authorize(identity, 'subscribe', filter))
    return { code: core.noRight, problem: `may not subscribe ${filter}` };
  const { maxSubscriptions } = core.limits;
  const own = session!.subscriptions;
  if (own.size < maxSubscriptions || own.has(name)) return undefined;
  return { code: reasonCode.quotaExceeded, problem: `it has its limit of ${maxSubscriptions} subscriptions` };
}
