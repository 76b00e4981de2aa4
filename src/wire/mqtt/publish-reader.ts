import { checkProperties, found } from './check-properties.ts';
import type { ProtocolLevel, Qos } from './packet.ts';
import { PacketReader, type Problem } from './packet-reader.ts';
import { PublishView } from './publish-view.ts';
import { reasonCode } from './reason-codes.ts';
import { TopicCache } from './topic-cache.ts';

const topics = new TopicCache();

/** Checks a PUBLISH (MQTT 5.0 section 3.3) and points its one view to the parts; keeps the far side's topic aliases. */
export class PublishReader {
  readonly view = new PublishView();
  topicAliasMaximum = 0;
  #aliases: Map<number, string> | undefined;

  /** Why the packet at `start` is wrong; undefined when the view shows it. */
  read(
    bytes: Buffer,
    start: number,
    bodyStart: number,
    end: number,
    level: ProtocolLevel,
    toServer: boolean,
  ): Problem | undefined {
    const { view } = this;
    const first = bytes[start]!;
    const qos = (first >> 1) & 0x03;
    if (qos === 3) return malformed('the QoS is 3');
    if (qos === 0 && (first & 0x08) !== 0) return malformed('DUP is set at QoS 0');
    if (end - bodyStart < 2) return tooShort;
    const topicStart = bodyStart + 2;
    const topicEnd = topicStart + ((bytes[bodyStart]! << 8) | bytes[bodyStart + 1]!);
    let at = topicEnd;
    let packetId = 0;
    if (qos > 0) {
      if (at + 2 > end) return tooShort;
      packetId = (bytes[at]! << 8) | bytes[at + 1]!;
      if (packetId === 0) return { reasonCode: reasonCode.protocolError, text: 'the packet identifier is 0' };
      at += 2;
    }
    if (at > end) return tooShort;
    view.bytes = bytes;
    view.start = start;
    view.bodyStart = bodyStart;
    view.end = end;
    view.qos = qos as Qos;
    view.retain = (first & 0x01) !== 0;
    view.dup = (first & 0x08) !== 0;
    view.packetId = packetId;
    view.topicAlias = 0;
    view.propertiesStart = at;
    view.propertiesEnd = at;
    view.payloadStart = at;
    if (level === 5) {
      const problem = this.#readProperties(at, toServer);
      if (problem !== undefined) return problem;
    }
    return this.#readTopic(topicStart, topicEnd);
  }

  #readProperties(at: number, toServer: boolean): Problem | undefined {
    const { view } = this;
    if (at < view.end && view.bytes[at] === 0) {
      view.propertiesStart = view.propertiesEnd = view.payloadStart = at + 1;
      return undefined;
    }
    const reader = new PacketReader(view.bytes, at, view.end);
    view.propertiesStart = checkProperties(reader, 'publish');
    view.propertiesEnd = view.payloadStart = reader.at;
    view.topicAlias = found.topicAlias;
    if (toServer && found.subscriptionIdentifiers > 0) {
      reader.fail(reasonCode.protocolError, 'a client sends a subscription identifier');
    }
    return reader.problem;
  }

  #readTopic(start: number, end: number): Problem | undefined {
    const { view } = this;
    const alias = view.topicAlias;
    if (alias > this.topicAliasMaximum) return aliasTooHigh;
    if (start === end) {
      if (alias === 0) return noTopic;
      const topic = this.#aliases?.get(alias);
      if (topic === undefined) return aliasNotKnown;
      view.topic = topic;
      return undefined;
    }
    const topic = topics.get(view.bytes, start, end);
    if (topic === undefined)
      return topics.problem === 'wildcard' ? wildcard : malformed('the topic is not UTF-8 or has a NUL character');
    view.topic = topic;
    if (alias !== 0) (this.#aliases ??= new Map()).set(alias, topic);
    return undefined;
  }
}

const tooShort = malformed('the packet is shorter than its content');
/** Reason codes 0x8F and 0x90 are for well-formed topics a server does not want. */
const wildcard = malformed('the topic name has a wildcard');
const aliasTooHigh: Problem = { reasonCode: reasonCode.topicAliasInvalid, text: 'the topic alias exceeds the maximum' };
/** MQTT 5.0 section 3.3.2.3.4: 0x94 is for numbers beyond the maximum, a number without a topic is a protocol error. */
const aliasNotKnown: Problem = { reasonCode: reasonCode.protocolError, text: 'the topic alias is not known' };
const noTopic: Problem = { reasonCode: reasonCode.protocolError, text: 'the topic is empty' };

function malformed(text: string): Problem {
  return { reasonCode: reasonCode.malformedPacket, text };
}
