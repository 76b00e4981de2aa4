import type { InnerSubscriber } from './inner-subscriber.ts';
import type { Session } from './session.ts';

/** One subscription of a client's session (MQTT 5, 3.8.3.1) or of the process. */
export interface Subscription {
  readonly owner: Session | InnerSubscriber;
  /** As the client said it: `$share/<group>/` included. */
  readonly name: string;
  /** What topics are matched with. */
  readonly filter: string;
  /** Of a shared subscription (MQTT 5, 4.8.2). */
  readonly group: string | undefined;
  readonly qos: 0 | 1 | 2;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  /** Subscription identifier; 0 without one. */
  readonly id: number;
}

/** Clients that share a subscription: each message goes to one of them. */
export interface SharedGroup {
  readonly members: Subscription[];
  /** Index of who is next. */
  next: number;
}

/** Group and filter in `$share/<group>/<filter>`. */
export function splitShared(name: string): { group: string | undefined; filter: string } {
  if (!name.startsWith('$share/')) return { group: undefined, filter: name };
  const end = name.indexOf('/', 7);
  return { group: name.slice(7, end), filter: name.slice(end + 1) };
}
