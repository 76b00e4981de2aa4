/** Numbers that stand for topics on the way to one client (MQTT 5, 3.3.2.3.4); the first topics get them. */
export class TopicAliases {
  readonly #byTopic = new Map<string, number>();
  readonly #maximum: number;

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** The alias of a topic and whether the client knows it already; alias 0 when there is none left. */
  of(topic: string): { readonly alias: number; readonly known: boolean } {
    const alias = this.#byTopic.get(topic);
    if (alias !== undefined) return { alias, known: true };
    if (this.#byTopic.size >= this.#maximum) return { alias: 0, known: false };
    this.#byTopic.set(topic, this.#byTopic.size + 1);
    return { alias: this.#byTopic.size, known: false };
  }

  /** The packet that would have told the newest alias was not sent. */
  forget(topic: string): void {
    this.#byTopic.delete(topic);
  }
}
