/**
 * MQTT 3.1, 3.1.1 and 5.0 between bytes and packets; no sockets, no sessions.
 *
 * Reading:
 *   const decoder = new Decoder(sink, { side: 'server', maxPacketBytes });
 *   socket.on('data', (chunk) => {
 *     const malformed = decoder.push(chunk);
 *     if (malformed !== undefined) { answer malformed.reasonCode at level 5; close }
 *   });
 * - `side` says who we are: a server takes CONNECT first and learns `decoder.level` from it; a client gives `level`.
 * - `decoder.topicAliasMaximum` and `decoder.maxPacketBytes` may be set at any time (what we announced).
 * - `decoder.hold()` inside the sink keeps the rest of the chunk back until `resume()`; pause the socket meanwhile.
 * - `decoder.stop()` drops the rest: nothing more reaches the sink.
 * - PUBLISH comes as one reused `PublishView`; its `payload` is a part of the chunk, made at each call: take it once.
 *
 * Writing:
 *   const writer = new PacketWriter(socket, { level, maxPacketBytes, queue });
 *   writer.publish(topic, payload, qos, retain, packetId, encodeProperties(properties));
 *   writer.puback(packetId); writer.packet({ type: 'pingreq' });
 * - All packets of a turn leave in one write: by itself at the end of the turn (`FlushQueue`), or with `writer.flush()`.
 * - `level` and `maxPacketBytes` (what the far side takes) are known after CONNECT or CONNACK: set them then.
 * - false from `publish`, `template` or `packet` says: larger than the far side takes, not written; `fits` asks before.
 * - Fan-out: `const template = encodePublish(level, topic, payload, qos, retain, properties)` once,
 *   `writer.template(template, packetId, dup)` for each. The bytes given are not to be changed afterwards.
 * - `writer.pendingBytes` are the bytes not yet given to the socket; add `socket.writableLength` for back-pressure.
 */
export { Decoder, type DecoderOptions } from './decoder.ts';
export { encodePacket } from './encode-packet.ts';
export { encodePublish, type PublishTemplate } from './encode-publish.ts';
export { encodeProperties } from './encode-properties.ts';
export { FlushQueue } from '../flush-queue.ts';
export { packetName, packetType, type PacketName } from './packet-types.ts';
export type {
  Auth,
  Connack,
  Connect,
  Disconnect,
  Packet,
  ProtocolLevel,
  Qos,
  Suback,
  Subscribe,
  Subscription,
  Unsuback,
  Unsubscribe,
  Will,
} from './packet.ts';
export { noProperties, type Properties } from './properties.ts';
export type { PublishView } from './publish-view.ts';
export { connackReturnCode, mayCarry, reasonCode, reasonName, type ReasonPacket } from './reason-codes.ts';
export type { Malformed, PacketSink } from './sink.ts';
export { sharedFilter, topicFilterProblem, topicNameProblem } from './topic-rules.ts';
export { PacketWriter } from './packet-writer.ts';
export type { WriteTarget } from '../write-batch.ts';
