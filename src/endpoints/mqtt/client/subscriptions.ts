import { matches } from '../../../broker/topic.ts';
import { sharedFilter, type PublishView, type Qos, type Subscription } from '../../../wire/mqtt/index.ts';
import { subscriptionIdOf, subscriptionIds } from './subscription-ids.ts';

export interface SubscribeOptions {
  /** The most the broker may use. Default 0. */
  readonly qos?: Qos;
  /** Leave out what this same client published. Default false. */
  readonly noLocal?: boolean;
  /** Keep the retain flag as the publisher set it. Default false. */
  readonly retainAsPublished?: boolean;
  /** Retained messages: 0 at each subscribe, 1 only for a new subscription, 2 never. Default 0. */
  readonly retainHandling?: 0 | 1 | 2;
}

/** Takes a message. The view is used again for the next one: take from it what is needed before returning. */
export type OnMessage = (view: PublishView) => void;

/** The broker has answered a SUBSCRIBE: it holds, or why not. Again after each connect. */
export type OnHeld = (refusal?: Error) => void;

export interface Subscriber {
  readonly filter: string;
  readonly options: SubscribeOptions;
  readonly onMessage: OnMessage;
  readonly onHeld: OnHeld | undefined;
}

/** All subscribers of one topic filter: to the broker they are one subscription. */
export class FilterEntry {
  readonly filter: string;
  readonly id: number;
  /** Without `$share/group/`. */
  readonly topicFilter: string;
  readonly subscribers: Subscriber[] = [];
  /** Who gets the retained messages the last SUBSCRIBE asked for; undefined: all. */
  retainedFor: readonly Subscriber[] | undefined;

  constructor(filter: string, id: number) {
    this.filter = filter;
    this.id = id;
    this.topicFilter = sharedFilter(filter)?.topicFilter ?? filter;
  }

  /** What to ask the broker for, so that every subscriber has what it wants; retained messages as `newcomers` want them. */
  wish(newcomers: readonly Subscriber[] = this.subscribers): Subscription {
    const all = this.subscribers.map(({ options }) => options);
    const retained = newcomers.filter(({ options }) => options.retainHandling !== 2);
    this.retainedFor = retained.length === this.subscribers.length ? undefined : retained;
    const shared = this.topicFilter !== this.filter;
    return {
      topicFilter: this.filter,
      qos: Math.max(...all.map(({ qos = 0 }) => qos)) as Qos,
      noLocal: !shared && all.every(({ noLocal = false }) => noLocal),
      retainAsPublished: all.some(({ retainAsPublished = false }) => retainAsPublished),
      retainHandling: Math.min(...newcomers.map(({ options }) => options.retainHandling ?? 0), 2) as 0 | 1 | 2,
    };
  }

  deliver(view: PublishView): void {
    const { subscribers } = this;
    // Without Retain As Published the flag says that a subscribe asked for the message (MQTT 5, 3.3.1.3).
    const asked = view.retain && !subscribers.some(({ options }) => options.retainAsPublished);
    const receivers = (asked ? this.retainedFor : undefined) ?? subscribers;
    if (receivers.length === 1) {
      receivers[0]!.onMessage(view);
      return;
    }
    // One of them may leave on a message.
    for (const { onMessage } of receivers.slice()) onMessage(view);
  }
}

/** Topics whose filters are remembered. */
const REMEMBERED_TOPICS = 1024;

/**
 * Who wants what, and who gets a message: by the subscription identifiers in it, where the broker knows those, so that of
 * filters that overlap each gets its own copy once; else by the filters that match.
 */
export class Subscriptions {
  readonly #byFilter = new Map<string, FilterEntry>();
  readonly #byId = new Map<number, FilterEntry>();
  readonly #byTopic = new Map<string, readonly FilterEntry[]>();
  readonly #ids: number[] = [];
  /** Whether the broker at hand tells subscription identifiers. */
  useIds = false;

  get entries(): Iterable<FilterEntry> {
    return this.#byFilter.values();
  }

  get size(): number {
    return this.#byFilter.size;
  }

  /** Adds a subscriber; gives the entry, which may have others. */
  add(subscriber: Subscriber): FilterEntry {
    const { filter } = subscriber;
    let entry = this.#byFilter.get(filter);
    if (entry === undefined) {
      entry = new FilterEntry(filter, subscriptionIdOf(filter, this.#byId));
      this.#byFilter.set(filter, entry);
      this.#byId.set(entry.id, entry);
      this.#byTopic.clear();
    }
    entry.subscribers.push(subscriber);
    return entry;
  }

  /** Gives the entry when that was its last subscriber. */
  remove(subscriber: Subscriber): FilterEntry | undefined {
    const entry = this.#byFilter.get(subscriber.filter);
    const index = entry?.subscribers.indexOf(subscriber) ?? -1;
    if (entry === undefined || index === -1) return undefined;
    entry.subscribers.splice(index, 1);
    if (entry.subscribers.length > 0) return undefined;
    this.#byFilter.delete(entry.filter);
    this.#byId.delete(entry.id);
    this.#byTopic.clear();
    return entry;
  }

  deliver(view: PublishView): void {
    if (this.useIds) {
      const count = subscriptionIds(view, this.#ids);
      let known = false;
      for (let index = 0; index < count; index += 1) {
        const entry = this.#byId.get(this.#ids[index]!);
        if (entry === undefined) continue;
        known = true;
        entry.deliver(view);
      }
      if (known) return;
      // A message of a session from before has the identifiers of then, or none.
    }
    for (const entry of this.#matching(view.topic)) entry.deliver(view);
  }

  #matching(topic: string): readonly FilterEntry[] {
    const known = this.#byTopic.get(topic);
    if (known !== undefined) return known;
    const found = [...this.#byFilter.values()].filter(({ topicFilter }) => matches(topicFilter, topic));
    if (this.#byTopic.size >= REMEMBERED_TOPICS) this.#byTopic.clear();
    this.#byTopic.set(topic, found);
    return found;
  }
}
