import type { FilledLimits } from '../../../endpoint/limits.ts';
import { isTooLong, tooLong } from '../../../endpoint/properties.ts';
import { topicProblem } from '../../../endpoint/topic.ts';
import { Fault } from '../../../fault.ts';
import {
  encodeProperties,
  reasonCode,
  type PacketWriter,
  type Properties,
  type Qos,
} from '../../../wire/mqtt/index.ts';
import { Outgoing, type OnDone } from './outgoing.ts';
import type { PacketIds } from './packet-ids.ts';
import { answerOf, farSideRefused } from './refusal.ts';
import { TopicAliases, withAlias } from './topic-aliases.ts';

export interface PublishOptions {
  /** Default 0. */
  readonly qos?: Qos;
  readonly retain?: boolean;
  readonly properties?: Properties;
}

/** What the connection at hand lets through. */
export interface Gate {
  readonly writer: PacketWriter;
  readonly stream: { readonly writableLength: number };
  readonly receiveMaximum: number;
  /** Messages of QoS 2 under way, at most. */
  readonly exactMaximum: number;
  readonly topicAliasMaximum: number;
  readonly maximumQos: Qos;
  readonly retainAvailable: boolean;
}

/** Unsent bytes of a socket from which on messages wait. */
const HIGH_WATER_BYTES = 1_048_576;
/** A wait is looked at this often within its limit. */
const LOOKS = 8;
const noOptions: PublishOptions = {};

/**
 * What we publish, over the life of many connections: sent at once where there is room, else in order; QoS 1 and 2 is kept
 * until it is taken over, and sent again to the same session. Nothing is lost in silence: each message is done or fails.
 */
export class Outbox {
  readonly #url: string;
  readonly #limits: FilledLimits;
  readonly #ids: PacketIds;
  readonly #flight = new Map<number, Outgoing>();
  #waiting: Outgoing[] = [];
  #first = 0;
  #gate: Gate | undefined;
  #aliases = new TopicAliases(0);
  #window = 0;
  #exact = 0;
  #cause: Error | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #lastTopic: string | undefined;

  constructor(url: string, limits: FilledLimits, ids: PacketIds) {
    this.#url = url;
    this.#limits = limits;
    this.#ids = ids;
  }

  get inFlight(): number {
    return this.#flight.size;
  }

  get waiting(): number {
    return this.#waiting.length - this.#first;
  }

  /** Undefined when it is done. Throws what `Link.send` rejects with when it cannot even wait. */
  publish(
    topic: string,
    payload: Uint8Array,
    { qos = 0, retain = false, properties }: PublishOptions = noOptions,
    onDone?: OnDone,
  ): Outgoing | undefined {
    const refusal = this.#refusal(topic, payload, qos, retain, properties);
    if (refusal !== undefined) throw refusal;
    const free = this.#first === this.#waiting.length && this.#hasRoom(qos);
    if (free && qos === 0) {
      this.#write(topic, payload, 0, retain, properties, 0, false);
      onDone?.();
      return undefined;
    }
    if (!free && this.waiting >= this.#limits.maxWaiting) {
      throw new Fault('QUEUE_FULL', { queue: `the link to ${this.#url}`, limit: this.#limits.maxWaiting });
    }
    const dueAt = performance.now() + this.#limits.sendTimeoutMs;
    const outgoing = new Outgoing(topic, payload, qos, retain, properties, dueAt, onDone);
    if (free) this.#start(outgoing);
    else this.#waiting.push(outgoing);
    this.#timer ??= setTimeout(this.#look, this.#limits.sendTimeoutMs / LOOKS);
    return outgoing;
  }

  /** A connection is up. What is in flight is sent again when the broker still has the session; else as the standard leaves it to us. */
  open(gate: Gate, sessionPresent: boolean, useAliases: boolean): void {
    this.#gate = gate;
    this.#aliases = new TopicAliases(useAliases ? gate.topicAliasMaximum : 0);
    this.#window = Math.min(gate.receiveMaximum, this.#limits.maxInFlight);
    for (const outgoing of this.#flight.values()) this.#again(outgoing, sessionPresent);
    this.drain();
  }

  /** The connection is gone. Without a session nobody will ever acknowledge what is in flight. */
  shut(cause: Error, sessionKept: boolean): void {
    this.#gate = undefined;
    this.#cause = cause;
    if (sessionKept) return;
    for (const outgoing of this.#flight.values()) this.#settleFlight(outgoing, this.#gone());
  }

  /** Everything fails with LINK_CLOSED, and so does all that comes later. */
  close(): void {
    this.#closed = true;
    this.#gate = undefined;
    clearTimeout(this.#timer);
    const closed = new Fault('LINK_CLOSED', { url: this.#url });
    for (const outgoing of [...this.#flight.values(), ...this.#waiting.slice(this.#first)]) outgoing.settle(closed);
    this.#flight.clear();
    this.#waiting = [];
    this.#first = 0;
  }

  /** The socket has room again, or a place is free. */
  drain(): void {
    while (this.#first < this.#waiting.length) {
      const next = this.#waiting[this.#first]!;
      if (!next.settled && !this.#hasRoom(next.qos)) return;
      this.#first += 1;
      if (!next.settled) this.#start(next);
      if (this.#first > 1024) {
        this.#waiting = this.#waiting.slice(this.#first);
        this.#first = 0;
      }
    }
    this.#waiting = [];
    this.#first = 0;
  }

  puback(packetId: number, code: number, { reasonString }: Properties): void {
    const outgoing = this.#flight.get(packetId);
    if (outgoing?.qos !== 1) return;
    this.#settleFlight(outgoing, code < 0x80 ? undefined : farSideRefused(this.#url, answerOf(code, reasonString)));
    this.drain();
  }

  pubrec(packetId: number, code: number, { reasonString }: Properties): void {
    const outgoing = this.#flight.get(packetId);
    if (outgoing?.qos !== 2) {
      this.#gate?.writer.pubrel(packetId, reasonCode.packetIdentifierNotFound);
    } else if (code < 0x80) {
      outgoing.released = true;
      this.#gate?.writer.pubrel(packetId);
    } else {
      this.#settleFlight(outgoing, farSideRefused(this.#url, answerOf(code, reasonString)));
      this.drain();
    }
  }

  pubcomp(packetId: number): void {
    const outgoing = this.#flight.get(packetId);
    if (outgoing?.released !== true) return;
    this.#settleFlight(outgoing);
    this.drain();
  }

  #hasRoom(qos: Qos): boolean {
    const gate = this.#gate;
    if (gate === undefined || gate.stream.writableLength + gate.writer.pendingBytes > HIGH_WATER_BYTES) return false;
    if (qos === 2 && this.#exact >= gate.exactMaximum) return false;
    return qos === 0 || this.#flight.size < this.#window;
  }

  #start(outgoing: Outgoing): void {
    const { topic, payload, qos, retain, properties } = outgoing;
    const refusal = this.#gateProblem(qos, retain);
    const packetId = qos === 0 || refusal !== undefined ? 0 : this.#ids.take();
    if (refusal !== undefined || packetId === undefined) {
      outgoing.settle(refusal ?? new Fault('QUEUE_FULL', { queue: `the link to ${this.#url}`, limit: 65_535 }));
      return;
    }
    try {
      this.#write(topic, payload, qos, retain, properties, packetId, false);
    } catch (error) {
      this.#ids.free(packetId);
      outgoing.settle(error as Fault);
      return;
    }
    if (qos === 0) {
      outgoing.settle();
      return;
    }
    outgoing.packetId = packetId;
    this.#flight.set(packetId, outgoing);
    if (qos === 2) this.#exact += 1;
  }

  #again(outgoing: Outgoing, sessionPresent: boolean): void {
    const { topic, payload, qos, retain, properties, packetId, released } = outgoing;
    if (released) {
      // A broker without the session has forgotten that it took it over; it has, all the same.
      if (sessionPresent) this.#gate?.writer.pubrel(packetId);
      else this.#settleFlight(outgoing);
    } else if (!sessionPresent && qos === 2) {
      // Sent once more it might arrive twice.
      this.#settleFlight(outgoing, this.#gone());
    } else {
      const bytes = properties === undefined ? undefined : encodeProperties(withoutAlias(properties));
      const written = this.#gate?.writer.publish(topic, payload, qos, retain, packetId, bytes, sessionPresent);
      if (written === false) this.#settleFlight(outgoing, this.#tooLarge(payload));
    }
  }

  #write(
    topic: string,
    payload: Uint8Array,
    qos: Qos,
    retain: boolean,
    properties: Properties | undefined,
    packetId: number,
    dup: boolean,
  ): void {
    const { writer, topicAliasMaximum } = this.#gate!;
    if (properties?.topicAlias !== undefined) {
      // Whoever chooses aliases himself has all of them: ours could be the same.
      this.#aliases = new TopicAliases(0);
      const bytes = encodeProperties(properties.topicAlias > topicAliasMaximum ? withoutAlias(properties) : properties);
      if (writer.publish(topic, payload, qos, retain, packetId, bytes, dup)) return;
      throw this.#tooLarge(payload);
    }
    const alias = this.#aliases.get(topic);
    let written: boolean;
    if (alias !== 0) {
      const sent = this.#aliases.isNew ? topic : '';
      written = writer.publish(sent, payload, qos, retain, packetId, withAlias(properties, alias), dup);
      if (!written && sent !== '') this.#aliases.forget(topic);
    } else if (properties === undefined) written = writer.publish(topic, payload, qos, retain, packetId);
    else written = writer.publish(topic, payload, qos, retain, packetId, encodeProperties(properties), dup);
    if (written) return;
    throw this.#tooLarge(payload);
  }

  #tooLarge({ byteLength: sizeBytes }: Uint8Array): Fault {
    return new Fault('PAYLOAD_TOO_LARGE', {
      sizeBytes,
      limitBytes: this.#gate?.writer.maxPacketBytes ?? 'the far side',
    });
  }

  #refusal(
    topic: string,
    payload: Uint8Array,
    qos: Qos,
    retain: boolean,
    properties: Properties | undefined,
  ): Fault | undefined {
    if (this.#closed) return new Fault('LINK_CLOSED', { url: this.#url });
    if (topic !== this.#lastTopic) {
      const problem = topicProblem(topic);
      if (problem !== undefined) return new Fault('MESSAGE_INVALID', { problem });
      this.#lastTopic = topic;
    }
    const problem = properties === undefined ? undefined : propertiesProblem(properties);
    if (problem !== undefined) return new Fault('MESSAGE_INVALID', { problem });
    const { maxPayloadBytes: limitBytes } = this.#limits;
    if (payload.byteLength > limitBytes)
      return new Fault('PAYLOAD_TOO_LARGE', { sizeBytes: payload.byteLength, limitBytes });
    return this.#gateProblem(qos, retain);
  }

  #gateProblem(qos: Qos, retain: boolean): Fault | undefined {
    const gate = this.#gate;
    if (gate === undefined) return undefined;
    if (qos > gate.maximumQos) return farSideRefused(this.#url, `it offers QoS ${gate.maximumQos} only`);
    if (retain && !gate.retainAvailable) return farSideRefused(this.#url, 'it keeps no retained messages');
    return undefined;
  }

  #settleFlight(outgoing: Outgoing, error?: Error): void {
    this.#flight.delete(outgoing.packetId);
    if (outgoing.qos === 2) this.#exact -= 1;
    this.#ids.free(outgoing.packetId);
    outgoing.settle(error);
  }

  readonly #look = (): void => {
    this.#timer = undefined;
    const now = performance.now();
    // Both are in the order of their age. What is in flight keeps its place: the broker goes on counting it.
    for (const outgoing of this.#flight.values()) {
      if (outgoing.dueAt > now) break;
      outgoing.settle(new Fault('SEND_TIMED_OUT', { url: this.#url, afterMs: this.#limits.sendTimeoutMs }));
    }
    for (let index = this.#first; index < this.#waiting.length; index += 1) {
      const outgoing = this.#waiting[index]!;
      if (outgoing.dueAt > now) break;
      this.#first = index + 1;
      outgoing.settle(this.#tooLate());
    }
    if (this.#flight.size > 0 || this.waiting > 0) {
      this.#timer = setTimeout(this.#look, this.#limits.sendTimeoutMs / LOOKS);
    }
  };

  #tooLate(): Fault {
    if (this.#gate === undefined) return this.#gone();
    return new Fault('SEND_TIMED_OUT', { url: this.#url, afterMs: this.#limits.sendTimeoutMs });
  }

  #gone(): Fault {
    return new Fault('FAR_SIDE_GONE', { url: this.#url }, this.#cause === undefined ? {} : { cause: this.#cause });
  }
}

/** Why MQTT cannot say these (MQTT 5, 1.5.4 and 1.5.6). */
function propertiesProblem(properties: Properties): string | undefined {
  const { contentType = '', responseTopic = '', correlationData, userProperties = [] } = properties;
  if (isTooLong(contentType)) return tooLong('the content type');
  if (isTooLong(responseTopic)) return tooLong('the response topic');
  if (correlationData !== undefined && correlationData.byteLength > 65_535) return tooLong('the correlation data');
  const long = userProperties.find((pair) => pair.some(isTooLong));
  return long === undefined ? undefined : tooLong(`the user property ${long[0].slice(0, 80)}`);
}

function withoutAlias(properties: Properties): Properties {
  const { topicAlias, ...others } = properties;
  return topicAlias === undefined ? properties : others;
}
