import { encodePublish, noProperties, type Properties, type PublishTemplate, type Qos } from '../wire/mqtt/index.ts';
import { readProperties } from '../wire/mqtt/read-properties.ts';
import type { LiveMessage } from './broker.ts';

const noBytes = Buffer.alloc(0);
/** What a message and its delivery take beside topic, payload and properties. */
const BYTES_BESIDE = 512;
/** Forms of one message that are remembered. */
const MOST_FORMS = 8;

let lastNumber = 0;

/** Number of the newest message there is. */
export function newestMessage(): number {
  return lastNumber;
}

/** One form of a message that several subscribers get alike. */
interface Encoded {
  readonly five: boolean;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly ids: readonly number[] | undefined;
  readonly template: PublishTemplate;
}

/** One message on its way through the broker. */
export class Message implements LiveMessage {
  readonly topic: string;
  payload: Buffer;
  readonly qos: Qos;
  readonly retain: boolean;
  /** Encoded properties that are passed on unchanged: all but expiry, topic alias and subscription identifiers. */
  passedOn: Buffer;
  /** When it is no longer passed on, in ms since 1970; 0 is never (MQTT 5, 3.3.2.3.3). */
  readonly expiresAt: number;
  /** Who sent it, for people and for dedupe. */
  readonly from: string;
  /** Grows from message to message of this process: tells what came after a subscription. */
  readonly number = (lastNumber += 1);
  /** Its row in the durable store, and how many deliveries need that row. */
  row = 0;
  references = 0;
  /** Several get it in this turn, so it is encoded once for all of them. */
  shared = false;
  #kept = false;
  #encoded: Encoded[] | undefined;
  #encodedAt = 0;

  constructor(
    topic: string,
    payload: Buffer,
    qos: Qos,
    retain: boolean,
    passedOn: Buffer,
    expiresAt: number,
    from: string,
  ) {
    this.topic = topic;
    this.payload = payload;
    this.qos = qos;
    this.retain = retain;
    this.passedOn = passedOn;
    this.expiresAt = expiresAt;
    this.from = from;
  }

  get bytes(): number {
    return this.topic.length + this.payload.length + this.passedOn.length;
  }

  /** Memory it takes where it waits for a client, roughly: that of many small ones is not in their payloads. */
  get heldBytes(): number {
    return this.bytes + BYTES_BESIDE;
  }

  get expired(): boolean {
    return this.expiresAt !== 0 && this.expiresAt <= Date.now();
  }

  /** Makes it last: its bytes are a part of a whole chunk of the socket's until then. */
  keep(): this {
    if (this.#kept) return this;
    this.#kept = true;
    const { payload, passedOn } = this;
    const bytes = Buffer.allocUnsafe(payload.length + passedOn.length);
    bytes.set(payload, 0);
    bytes.set(passedOn, payload.length);
    this.payload = bytes.subarray(0, payload.length);
    if (passedOn.length > 0) this.passedOn = bytes.subarray(payload.length);
    return this;
  }

  get properties(): Properties {
    if (this.expiresAt === 0 && this.passedOn.length === 0) return noProperties;
    const all = this.propertiesFor(undefined, 0);
    return readProperties(all, 0, all.length);
  }

  /** The bytes of a delivery, encoded once for all who get the same. */
  template(five: boolean, qos: Qos, retain: boolean, ids: readonly number[] | undefined): PublishTemplate {
    // What is left of the expiry is part of the bytes.
    if (this.expiresAt !== 0 && five) {
      const second = Math.trunc(Date.now() / 1000);
      if (second !== this.#encodedAt) this.#encoded = undefined;
      this.#encodedAt = second;
    }
    const encoded = (this.#encoded ??= []);
    for (const known of encoded) {
      if (known.five === five && known.qos === qos && known.retain === retain && known.ids === ids)
        return known.template;
    }
    const properties = five ? this.propertiesFor(ids, 0) : noBytes;
    const template = encodePublish(five ? 5 : 4, this.topic, this.payload, qos, retain, properties);
    if (encoded.length < MOST_FORMS) encoded.push({ five, qos, retain, ids, template });
    return template;
  }

  /** The fan-out is over. One that waits for somebody keeps its bytes only once. */
  settle(): void {
    this.shared = false;
    this.#encoded = undefined;
  }

  /** Properties of a delivery: what is left of the expiry, the subscription identifiers, an alias, and the rest. */
  propertiesFor(ids: readonly number[] | undefined, alias: number): Buffer {
    if (this.expiresAt === 0 && ids === undefined && alias === 0) return this.passedOn;
    const head: number[] = [];
    if (this.expiresAt !== 0) {
      const left = Math.max(1, Math.ceil((this.expiresAt - Date.now()) / 1000));
      head.push(0x02, left >>> 24, (left >>> 16) & 0xff, (left >>> 8) & 0xff, left & 0xff);
    }
    if (alias !== 0) head.push(0x23, alias >> 8, alias & 0xff);
    for (const id of ids ?? []) {
      head.push(0x0b);
      let rest = id;
      for (; rest > 0x7f; rest >>>= 7) head.push((rest & 0x7f) | 0x80);
      head.push(rest);
    }
    return Buffer.concat([Buffer.from(head), this.passedOn]);
  }
}

/** What is taken out of the properties of a PUBLISH, and what is left of them. */
export interface SplitProperties {
  readonly passedOn: Buffer;
  readonly expirySeconds: number | undefined;
}

const EXPIRY = 0x02;
const TOPIC_ALIAS = 0x23;
const PAYLOAD_FORMAT = 0x01;
const USER_PROPERTY = 0x26;

/** Splits properties that were checked before. */
export function splitProperties(bytes: Buffer, start: number, end: number): SplitProperties {
  if (start === end) return { passedOn: noBytes, expirySeconds: undefined };
  let expirySeconds: number | undefined;
  const parts: Buffer[] = [];
  let from = start;
  for (let at = start; at < end;) {
    const id = bytes[at]!;
    const next = at + lengthOf(bytes, at, id);
    if (id === EXPIRY || id === TOPIC_ALIAS) {
      if (id === EXPIRY) expirySeconds = bytes.readUInt32BE(at + 1);
      if (at > from) parts.push(bytes.subarray(from, at));
      from = next;
    }
    at = next;
  }
  if (from < end) parts.push(bytes.subarray(from, end));
  const [only = noBytes] = parts;
  return { passedOn: parts.length > 1 ? Buffer.concat(parts) : only, expirySeconds };
}

function lengthOf(bytes: Buffer, at: number, id: number): number {
  if (id === EXPIRY) return 5;
  if (id === TOPIC_ALIAS) return 3;
  if (id === PAYLOAD_FORMAT) return 2;
  const first = 3 + bytes.readUInt16BE(at + 1);
  return id === USER_PROPERTY ? first + 2 + bytes.readUInt16BE(at + first) : first;
}
