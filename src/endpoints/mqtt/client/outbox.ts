import type { FilledLimits } from '../../../endpoint/limits.ts';
import { propertiesProblem } from '../../../broker/properties-problem.ts';
import { topicProblem } from '../../../endpoint/topic.ts';
import { Fault } from '../../../fault.ts';
import { Fifo } from '../../../fifo.ts';
import { reasonCode, type Properties, type Qos } from '../../../wire/mqtt/index.ts';
import { Flight } from './flight.ts';
import { gateProblem, isFull, type Gate } from './gate.ts';
import { Outgoing, type OnDone } from './outgoing.ts';
import type { PacketIds } from './packet-ids.ts';
import { Publishing } from './publishing.ts';
import { answerOf, farSideRefused } from './refusal.ts';

export interface PublishOptions {
  /** Default 0. */
  readonly qos?: Qos;
  readonly retain?: boolean;
  readonly properties?: Properties;
}

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
  readonly #flight: Flight;
  readonly #waiting = new Fifo<Outgoing>();
  #gate: Gate | undefined;
  #publishing: Publishing | undefined;
  #window = 0;
  #cause: Error | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #lastTopic: string | undefined;

  constructor(url: string, limits: FilledLimits, ids: PacketIds) {
    this.#url = url;
    this.#limits = limits;
    this.#flight = new Flight(ids);
  }

  get inFlight(): number {
    return this.#flight.size;
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
    const free = this.#waiting.length === 0 && this.#hasRoom(qos);
    if (free && qos === 0) {
      this.#publishing!.write(topic, payload, 0, retain, properties, 0);
      onDone?.();
      return undefined;
    }
    if (!free && this.#waiting.length >= this.#limits.maxWaiting) {
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
    this.#publishing = new Publishing(gate, useAliases);
    this.#window = Math.min(gate.receiveMaximum, this.#limits.maxInFlight);
    for (const outgoing of this.#flight.all) this.#again(outgoing, gate, this.#publishing, sessionPresent);
    this.drain();
  }

  /** The connection is gone. Without a session nobody will ever acknowledge what is in flight. */
  shut(cause: Error, sessionKept: boolean): void {
    this.#gate = undefined;
    this.#cause = cause;
    if (sessionKept) return;
    for (const outgoing of this.#flight.all) this.#flight.settle(outgoing, this.#gone());
  }

  /** Everything fails with LINK_CLOSED, and so does all that comes later. */
  close(): void {
    this.#closed = true;
    this.#gate = undefined;
    clearTimeout(this.#timer);
    const closed = new Fault('LINK_CLOSED', { url: this.#url });
    for (const outgoing of [...this.#flight.clear(), ...this.#waiting.clear()]) outgoing.settle(closed);
  }

  /** The socket has room again, or a place is free. */
  drain(): void {
    for (let next = this.#waiting.first; next !== undefined; next = this.#waiting.first) {
      if (!next.settled && !this.#hasRoom(next.qos)) return;
      this.#waiting.shift();
      if (!next.settled) this.#start(next);
    }
  }

  puback(packetId: number, code: number, { reasonString }: Properties): void {
    const outgoing = this.#flight.get(packetId, 1);
    if (outgoing === undefined) return;
    this.#flight.settle(outgoing, code < 0x80 ? undefined : farSideRefused(this.#url, answerOf(code, reasonString)));
    this.drain();
  }

  pubrec(packetId: number, code: number, { reasonString }: Properties): void {
    const outgoing = this.#flight.get(packetId, 2);
    if (outgoing === undefined) {
      if (code < 0x80) this.#gate?.writer.pubrel(packetId, reasonCode.packetIdentifierNotFound);
    } else if (code < 0x80) {
      outgoing.released = true;
      this.#gate?.writer.pubrel(packetId);
    } else {
      this.#flight.settle(outgoing, farSideRefused(this.#url, answerOf(code, reasonString)));
      this.drain();
    }
  }

  pubcomp(packetId: number): void {
    const outgoing = this.#flight.get(packetId, 2);
    if (outgoing?.released !== true) return;
    this.#flight.settle(outgoing);
    this.drain();
  }

  #hasRoom(qos: Qos): boolean {
    const gate = this.#gate;
    if (gate === undefined || isFull(gate)) return false;
    if (qos === 2 && this.#flight.exact >= gate.exactMaximum) return false;
    return qos === 0 || this.#flight.size < this.#window;
  }

  /** Where there is room. */
  #start(outgoing: Outgoing): void {
    const { topic, payload, qos, retain, properties } = outgoing;
    const refusal = gateProblem(this.#gate, this.#url, qos, retain);
    const packetId = qos === 0 || refusal !== undefined ? 0 : this.#flight.takeId();
    if (refusal !== undefined || packetId === undefined) {
      outgoing.settle(refusal ?? new Fault('QUEUE_FULL', { queue: `the link to ${this.#url}`, limit: 65_535 }));
      return;
    }
    try {
      this.#publishing!.write(topic, payload, qos, retain, properties, packetId);
    } catch (error) {
      this.#flight.giveBack(packetId);
      outgoing.settle(error as Fault);
      return;
    }
    if (qos === 0) outgoing.settle();
    else this.#flight.add(outgoing, packetId);
  }

  #again(outgoing: Outgoing, { writer }: Gate, publishing: Publishing, sessionPresent: boolean): void {
    const { topic, payload, qos, retain, properties, packetId, released } = outgoing;
    if (released) {
      // A broker without the session has forgotten that it took it over; it has, all the same.
      if (sessionPresent) writer.pubrel(packetId);
      else this.#flight.settle(outgoing);
    } else if (!sessionPresent && qos === 2) {
      // Sent once more it might arrive twice.
      this.#flight.settle(outgoing, this.#gone());
    } else {
      try {
        publishing.again(topic, payload, qos, retain, properties, packetId, sessionPresent);
      } catch (error) {
        this.#flight.settle(outgoing, error as Fault);
      }
    }
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
    const { byteLength: sizeBytes } = payload;
    const { maxPayloadBytes: limitBytes } = this.#limits;
    if (sizeBytes > limitBytes) return new Fault('PAYLOAD_TOO_LARGE', { sizeBytes, limitBytes });
    return gateProblem(this.#gate, this.#url, qos, retain);
  }

  readonly #look = (): void => {
    this.#timer = undefined;
    const now = performance.now();
    // Both are in the order of their age. What is in flight keeps its place: the broker goes on counting it.
    for (const outgoing of this.#flight.all) {
      if (outgoing.dueAt > now) break;
      outgoing.settle(new Fault('SEND_TIMED_OUT', { url: this.#url, afterMs: this.#limits.sendTimeoutMs }));
    }
    for (let next = this.#waiting.first; next !== undefined && next.dueAt <= now; next = this.#waiting.first) {
      this.#waiting.shift();
      next.settle(this.#tooLate());
    }
    if (this.#flight.size > 0 || this.#waiting.length > 0) {
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
