import { encodeProperties, type Properties } from '../../../wire/mqtt/index.ts';

/** Shorter topics gain nothing: the alias takes three bytes itself. */
const SHORTEST_TOPIC = 4;

/** Aliases of one connection for the topics we publish to (MQTT 5, 3.3.2.3.4): the topic unused longest gives its alias up. */
export class TopicAliases {
  readonly #maximum: number;
  readonly #aliases = new Map<string, number>();
  #lastTopic = '';
  #last = 0;
  #given = 0;
  /** Whether the alias just given is new to the broker: the topic has to go with it. */
  isNew = false;

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** The alias of a topic; 0 for none. Whoever asks must send it, or the broker will not know it. */
  get(topic: string): number {
    if (topic === this.#lastTopic) {
      this.isNew = false;
      return this.#last;
    }
    if (this.#maximum === 0 || topic.length < SHORTEST_TOPIC) return 0;
    const known = this.#aliases.get(topic);
    this.isNew = known === undefined;
    const alias = known ?? this.#free();
    if (known !== undefined) this.#aliases.delete(topic);
    this.#aliases.set(topic, alias);
    this.#lastTopic = topic;
    this.#last = alias;
    return alias;
  }

  /** The message that would have told the broker was not sent. */
  forget(topic: string): void {
    this.#lastTopic = '';
    const alias = this.#aliases.get(topic);
    // It stays with the topic under a name no topic has, until it is the one unused longest.
    this.#aliases.delete(topic);
    if (alias !== undefined) this.#aliases.set(`\0${alias}`, alias);
  }

  #free(): number {
    if (this.#given < this.#maximum) return (this.#given += 1);
    const [oldest, alias] = this.#aliases.entries().next().value!;
    this.#aliases.delete(oldest);
    return alias;
  }
}

/** The properties with an alias among them. */
export function withAlias(properties: Properties | undefined, alias: number): Buffer {
  if (properties !== undefined) return encodeProperties({ ...properties, topicAlias: alias });
  return (aliasOnly[alias] ??= encodeProperties({ topicAlias: alias }));
}

const aliasOnly: Buffer[] = [];
