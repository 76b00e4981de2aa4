import type { BrokerCore } from './broker-core.ts';
import type { SessionReport } from './broker.ts';
import type { Session } from './session.ts';

const protocols = { 3: 'MQTT 3.1', 4: 'MQTT 3.1.1', 5: 'MQTT 5' } as const;

/** Topic filters of one session in its report: a client may have ten thousand. */
const MOST_FILTERS = 100;

/** A session for people. */
export function sessionReport(core: BrokerCore, session: Session): SessionReport {
  const { clientId, identity, queued, queuedBytes, inFlight, dropped, expirySeconds } = session;
  const connection = core.connectionOf(clientId);
  const level = connection?.connect?.level;
  return {
    clientId,
    identity,
    queued,
    queuedBytes,
    inFlight,
    dropped,
    expirySeconds,
    connected: connection !== undefined,
    since: connection?.client?.connectedAt ?? session.endsAt - expirySeconds * 1000,
    protocol: level === undefined ? undefined : protocols[level],
    filters: firstFilters(session),
    subscriptions: session.subscriptions.size,
  };
}

function firstFilters({ subscriptions }: Session): string[] {
  const filters: string[] = [];
  for (const filter of subscriptions.keys()) {
    if (filters.length === MOST_FILTERS) break;
    filters.push(filter);
  }
  return filters;
}
