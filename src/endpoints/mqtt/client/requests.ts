import { noProperties } from '../../../wire/mqtt/index.ts';
import type { Properties } from '../../../wire/mqtt/index.ts';
import type { Connection } from './connection.ts';
import type { PacketIds } from './packet-ids.ts';
import { answerOf, linkRefused } from './refusal.ts';
import type { FilterEntry, Subscriber } from './subscriptions.ts';

type OnAnswer = (reasonCodes: readonly number[], reasonString: string | undefined) => void;

/** What the broker at hand is, for those who ask it for something. */
export interface Asked {
  readonly connection: Connection | undefined;
  readonly url: string;
  readonly properties: Properties;
  readonly useIds: boolean;
}

/** SUBSCRIBE and UNSUBSCRIBE, each with what is done when its answer comes. */
export class Requests {
  readonly #ids: PacketIds;
  readonly #answers = new Map<number, OnAnswer>();

  constructor(ids: PacketIds) {
    this.#ids = ids;
  }

  /** SUBSCRIBE for one entry: a packet carries one identifier only. `onAnswer` is not called when the connection ends before. */
  subscribe(
    { connection, url, properties, useIds }: Asked,
    entry: FilterEntry,
    newcomers: readonly Subscriber[],
    onAnswer: (refusal?: Error) => void = () => undefined,
  ): void {
    const tell = (refusal?: Error): void => {
      for (const { onHeld } of newcomers) onHeld?.(refusal);
      onAnswer(refusal);
    };
    const wish = entry.wish(newcomers);
    const impossible = impossibleAt(properties, entry);
    const packetId = impossible === undefined && connection !== undefined ? this.#ids.take() : undefined;
    if (packetId === undefined) {
      tell(linkRefused(url, impossible ?? 'too many requests are under way'));
      return;
    }
    this.#answers.set(packetId, ([code], reasonString) => {
      // Without an answer the connection has ended: it is asked for again after the next connect.
      if (code === undefined) return;
      tell(code < 0x80 ? undefined : linkRefused(url, `${entry.filter}: ${answerOf(code, reasonString)}`));
    });
    connection?.writer.packet({
      type: 'subscribe',
      packetId,
      subscriptions: [wish],
      properties: useIds ? { subscriptionIdentifiers: [entry.id] } : noProperties,
    });
  }

  /** Resolves when it is answered, or when it cannot be. */
  unsubscribe(connection: Connection, filter: string): Promise<void> {
    const packetId = this.#ids.take();
    if (packetId === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      this.#answers.set(packetId, () => resolve());
      connection.writer.packet({ type: 'unsubscribe', packetId, topicFilters: [filter], properties: noProperties });
    });
  }

  /** SUBACK or UNSUBACK. */
  answered(packetId: number, codes: readonly number[], reasonString: string | undefined): void {
    const onAnswer = this.#answers.get(packetId);
    if (onAnswer === undefined) return;
    this.#answers.delete(packetId);
    this.#ids.free(packetId);
    onAnswer(codes, reasonString);
  }

  /** The connection is gone. What this gives is to be called when everything else knows. */
  shut(): () => void {
    const answers = [...this.#answers];
    this.#answers.clear();
    for (const [packetId] of answers) this.#ids.free(packetId);
    return () => {
      for (const [, onAnswer] of answers) onAnswer([], undefined);
    };
  }
}

function impossibleAt(properties: Properties, { filter, topicFilter }: FilterEntry): string | undefined {
  const { sharedSubscriptionAvailable = true, wildcardSubscriptionAvailable = true } = properties;
  if (!sharedSubscriptionAvailable && filter !== topicFilter) return `${filter}: it has no shared subscriptions`;
  if (!wildcardSubscriptionAvailable && /[+#]/.test(topicFilter)) return `${filter}: it takes no wildcards`;
  return undefined;
}
