import { Fault } from '../../../fault.ts';
import { encodeProperties, type Properties, type Qos } from '../../../wire/mqtt/index.ts';
import type { Gate } from './gate.ts';
import { TopicAliases, withAlias } from './topic-aliases.ts';

/** Writes PUBLISH packets over one connection, with the aliases it has for their topics. */
export class Publishing {
  readonly #gate: Gate;
  #aliases: TopicAliases;

  constructor(gate: Gate, useAliases: boolean) {
    this.#gate = gate;
    this.#aliases = new TopicAliases(useAliases ? gate.topicAliasMaximum : 0);
  }

  /** Throws PAYLOAD_TOO_LARGE. */
  write(
    topic: string,
    payload: Uint8Array,
    qos: Qos,
    retain: boolean,
    properties: Properties | undefined,
    packetId: number,
  ): void {
    const { writer, topicAliasMaximum } = this.#gate;
    if (properties?.topicAlias !== undefined) {
      // Whoever chooses aliases himself has all of them: ours could be the same.
      this.#aliases = new TopicAliases(0);
      const bytes = encodeProperties(properties.topicAlias > topicAliasMaximum ? withoutAlias(properties) : properties);
      if (writer.publish(topic, payload, qos, retain, packetId, bytes)) return;
      throw this.#tooLarge(payload);
    }
    const alias = this.#aliases.get(topic);
    let written: boolean;
    if (alias !== 0) {
      const sent = this.#aliases.isNew ? topic : '';
      written = writer.publish(sent, payload, qos, retain, packetId, withAlias(properties, alias));
      if (!written && sent !== '') this.#aliases.forget(topic);
    } else if (properties === undefined) written = writer.publish(topic, payload, qos, retain, packetId);
    else written = writer.publish(topic, payload, qos, retain, packetId, encodeProperties(properties));
    if (!written) throw this.#tooLarge(payload);
  }

  /** The same message once more, with its whole topic. Throws PAYLOAD_TOO_LARGE. */
  again(
    topic: string,
    payload: Uint8Array,
    qos: Qos,
    retain: boolean,
    properties: Properties | undefined,
    packetId: number,
    dup: boolean,
  ): void {
    const bytes = properties === undefined ? undefined : encodeProperties(withoutAlias(properties));
    if (!this.#gate.writer.publish(topic, payload, qos, retain, packetId, bytes, dup)) throw this.#tooLarge(payload);
  }

  #tooLarge({ byteLength: sizeBytes }: Uint8Array): Fault {
    return new Fault('PAYLOAD_TOO_LARGE', { sizeBytes, limitBytes: this.#gate.writer.maxPacketBytes });
  }
}

function withoutAlias(properties: Properties): Properties {
  const { topicAlias, ...others } = properties;
  return topicAlias === undefined ? properties : others;
}
