import type { Authorize } from './broker.ts';
import type { Counters } from './counters.ts';
import { InnerSubscriber } from './inner-subscriber.ts';
import type { Message } from './message.ts';
import { Session } from './session.ts';
import { SubscriptionTree } from './subscription-tree.ts';
import type { SharedGroup, Subscription } from './subscription.ts';

/** What one client gets of a topic: one delivery, whatever number of its filters match (MQTT 5, 3.3.4). */
interface Target {
  readonly session: Session;
  readonly qos: 0 | 1 | 2;
  readonly retainAsPublished: boolean;
  readonly ids: readonly number[] | undefined;
  /** The same for what the client publishes itself: without its No Local subscriptions. */
  readonly own: Target | undefined;
}

/** Where the messages of one topic go. */
interface Route {
  readonly version: number;
  readonly targets: readonly Target[];
  readonly groups: readonly { readonly group: SharedGroup; readonly members: readonly Subscription[] }[];
  readonly inner: readonly InnerSubscriber[];
}

/** Topics whose route is remembered. */
const MAX_ROUTES = 8_192;

/** Takes each message to its subscribers. */
export class Exchange {
  readonly tree = new SubscriptionTree();
  readonly #routes = new Map<string, Route>();
  readonly #authorize: Authorize;
  readonly #counters: Counters;
  readonly #onError: (error: Error) => void;

  constructor(authorize: Authorize, counters: Counters, onError: (error: Error) => void) {
    this.#authorize = authorize;
    this.#counters = counters;
    this.#onError = onError;
  }

  /**
   * Hands a message to everyone who gets it and says how many that are. What subscribers inside the process want the
   * publisher to wait for is added to `waits`.
   */
  publish(message: Message, from: Session | undefined, waits: Promise<void>[]): number {
    const { targets, groups, inner } = this.#routeOf(message.topic);
    message.shared = targets.length > 1;
    for (const target of targets) this.#deliver(message, target.session === from ? target.own : target, waits);
    if (message.shared) message.settle();
    for (const { group, members } of groups) this.#share(message, group, members, waits);
    for (const subscriber of inner) this.give(subscriber, message, waits);
    return targets.length + groups.length + inner.length;
  }

  /** Calls a subscriber inside the process; what it throws is told and ends nothing. */
  give(subscriber: InnerSubscriber, message: Message, waits: Promise<void>[]): void {
    if (subscriber.ended) return;
    this.#counters.delivered += 1;
    try {
      const taken = subscriber.take(message);
      if (taken !== undefined) waits.push(taken.catch((error: unknown) => this.#fail(error)));
    } catch (error) {
      this.#fail(error);
    }
  }

  #deliver(message: Message, target: Target | undefined, waits: Promise<void>[]): void {
    if (target === undefined) return;
    const { session } = target;
    const { outlet } = session;
    const qos = message.qos < target.qos ? message.qos : target.qos;
    if (qos === 0 && outlet === undefined) return;
    const retain = message.retain && target.retainAsPublished;
    const taken =
      qos === 0 ? outlet!.message(message, retain, target.ids) : session.deliver(message, qos, retain, target.ids);
    if (taken) this.#counters.delivered += 1;
    else if (qos === 0) session.dropped += 1;
    else this.#counters.dropped += 1;
    const pressure = outlet?.pressure;
    if (pressure !== undefined && !waits.includes(pressure)) waits.push(pressure);
  }

  /** In turn; members who can take it at once come first, those who are away last. */
  #share(message: Message, group: SharedGroup, members: readonly Subscription[], waits: Promise<void>[]): void {
    let chosen: Subscription | undefined;
    for (let step = 0; step < members.length; step += 1) {
      const at = (group.next + step) % members.length;
      const member = members[at]!;
      const session = member.owner as Session;
      if (chosen === undefined || (session.outlet !== undefined && (chosen.owner as Session).outlet === undefined)) {
        chosen = member;
      }
      if (!session.ready) continue;
      chosen = member;
      break;
    }
    if (chosen === undefined) return;
    group.next = (members.indexOf(chosen) + 1) % members.length;
    this.#deliver(message, targetOf(chosen.owner as Session, [chosen], undefined), waits);
  }

  #routeOf(topic: string): Route {
    const known = this.#routes.get(topic);
    if (known !== undefined && known.version === this.tree.version) return known;
    if (known === undefined && this.#routes.size >= MAX_ROUTES) this.#routes.clear();
    const route = this.#findRoute(topic);
    this.#routes.set(topic, route);
    return route;
  }

  #findRoute(topic: string): Route {
    const { subscriptions, groups } = this.tree.match(topic);
    const bySession = new Map<Session, Subscription[]>();
    const inner: InnerSubscriber[] = [];
    for (const subscription of subscriptions) {
      const { owner } = subscription;
      if (owner instanceof InnerSubscriber) inner.push(owner);
      else {
        const own = bySession.get(owner);
        if (own === undefined) bySession.set(owner, [subscription]);
        else own.push(subscription);
      }
    }
    const mayRead = ({ identity }: Session): boolean => this.#authorize(identity, 'subscribe', topic);
    const targets: Target[] = [];
    for (const [session, own] of bySession) {
      if (!mayRead(session)) continue;
      const heard = own.filter(({ noLocal }) => !noLocal);
      const some = heard.length === 0 ? undefined : targetOf(session, heard, undefined);
      targets.push(heard.length === own.length ? { ...some!, own: some } : targetOf(session, own, some));
    }
    return {
      version: this.tree.version,
      targets,
      inner,
      groups: groups.flatMap((group) => {
        const members = group.members.filter(({ owner }) => owner instanceof Session && mayRead(owner));
        return members.length === 0 ? [] : [{ group, members }];
      }),
    };
  }

  #fail(error: unknown): void {
    this.#onError(error instanceof Error ? error : new Error(String(error)));
  }
}

function targetOf(session: Session, subscriptions: readonly Subscription[], own: Target | undefined): Target {
  let qos: 0 | 1 | 2 = 0;
  let retainAsPublished = false;
  let ids: number[] | undefined;
  for (const subscription of subscriptions) {
    if (subscription.qos > qos) qos = subscription.qos;
    retainAsPublished ||= subscription.retainAsPublished;
    if (subscription.id !== 0) (ids ??= []).push(subscription.id);
  }
  return { session, qos, retainAsPublished, ids, own };
}
