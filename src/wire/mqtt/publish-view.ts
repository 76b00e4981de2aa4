import type { Qos } from './packet.ts';
import { noProperties, type Properties } from './properties.ts';
import { readProperties } from './read-properties.ts';

/** One PUBLISH inside the bytes it came in. Everything is checked already; payload and properties are made when asked for. */
export class PublishView {
  /** Whole; a topic alias is resolved. The same topic gives the same string instance. */
  topic = '';
  qos: Qos = 0;
  retain = false;
  dup = false;
  /** 0 at QoS 0. */
  packetId = 0;
  /** The chunk that holds the packet. Who keeps a part of it keeps all of it: copy what stays. */
  bytes: Buffer = Buffer.alloc(0);
  /** First byte of the fixed header, and the byte after the packet. */
  start = 0;
  end = 0;
  /** First byte after the fixed header: the topic's length. */
  bodyStart = 0;
  /** The properties without their length; start equals end where there are none. */
  propertiesStart = 0;
  propertiesEnd = 0;
  payloadStart = 0;
  /** 0 without one. */
  topicAlias = 0;

  /** A new part of `bytes`, without a copy. */
  get payload(): Buffer {
    return this.bytes.subarray(this.payloadStart, this.end);
  }

  get payloadLength(): number {
    return this.end - this.payloadStart;
  }

  /** Read anew at each call. Binary values are parts of `bytes`. */
  get properties(): Properties {
    if (this.propertiesStart === this.propertiesEnd) return noProperties;
    return readProperties(this.bytes, this.propertiesStart, this.propertiesEnd);
  }
}
