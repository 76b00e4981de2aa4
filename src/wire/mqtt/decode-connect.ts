import type { Connect, ProtocolLevel, Qos, Will } from './packet.ts';
import { PacketReader } from './packet-reader.ts';
import { reasonCode } from './reason-codes.ts';
import { takeProperties } from './take-properties.ts';
import { topicNameProblem } from './topic-rules.ts';

const flag = {
  reserved: 0x01,
  cleanStart: 0x02,
  will: 0x04,
  willRetain: 0x20,
  password: 0x40,
  username: 0x80,
} as const;

/** MQTT 5.0 section 3.1, 3.1.1 section 3.1 and MQTT 3.1. */
export function decodeConnect(reader: PacketReader): Connect {
  const level = takeLevel(reader);
  const flags = reader.byte();
  checkFlags(reader, flags, level);
  const keepAlive = reader.uint16();
  const properties = takeProperties(reader, level, 'connect');
  const clientId = reader.string();
  const cleanStart = (flags & flag.cleanStart) !== 0;
  if (clientId === '' && (level === 3 || (level === 4 && !cleanStart))) {
    reader.fail(reasonCode.clientIdentifierNotValid, 'the client identifier is empty');
  }
  const will = (flags & flag.will) === 0 ? undefined : takeWill(reader, flags, level);
  // MQTT 3.1 lets a client set these flags and leave the fields out.
  const missing = (): boolean => level === 3 && reader.done;
  const username = (flags & flag.username) === 0 || missing() ? undefined : reader.string();
  const password = (flags & flag.password) === 0 || missing() ? undefined : reader.binary();
  return { type: 'connect', level, clientId, cleanStart, keepAlive, username, password, will, properties };
}

/** The level of a CONNECT as far as it can be told, to know how to answer a malformed one. */
export function levelOfConnect(bytes: Buffer, start: number, end: number): ProtocolLevel | undefined {
  const level = start + 6 < end ? bytes[start + 6]! : 0;
  if (bytes.toString('latin1', start, Math.min(end, start + 6)) === '\0\x04MQTT') {
    if (level === 4 || level === 5) return level;
    // A newer one is answered in the words of MQTT 5 where its CONNECT goes on as that of MQTT 5 does.
    const asFive = level > 5 ? clientIdAfterLevel(new PacketReader(bytes, start + 7, end), 5) : undefined;
    return asFive === undefined ? undefined : 5;
  }
  return bytes.toString('latin1', start, Math.min(end, start + 9)) === '\0\x06MQIsdp\x03' ? 3 : undefined;
}

/** The client id of a CONNECT that is wrong elsewhere, to tell whose it is; '' where it cannot be read. */
export function clientIdOfConnect(bytes: Buffer, start: number, end: number, level: ProtocolLevel): string {
  const reader = new PacketReader(bytes, start, end);
  reader.string();
  reader.byte();
  return clientIdAfterLevel(reader, level) ?? '';
}

function clientIdAfterLevel(reader: PacketReader, level: ProtocolLevel): string | undefined {
  reader.byte();
  reader.uint16();
  takeProperties(reader, level, 'connect');
  const clientId = reader.string();
  return reader.problem === undefined ? clientId : undefined;
}

function takeLevel(reader: PacketReader): ProtocolLevel {
  const name = reader.string();
  const level = reader.byte();
  if (name === 'MQTT' && (level === 4 || level === 5)) return level;
  if (name === 'MQIsdp' && level === 3) return level;
  reader.fail(reasonCode.unsupportedProtocolVersion, 'the protocol is not MQTT 3.1, 3.1.1 or 5.0');
  return 4;
}

function checkFlags(reader: PacketReader, flags: number, level: ProtocolLevel): void {
  const malformed = (text: string): void => reader.fail(reasonCode.malformedPacket, text);
  const willQos = (flags >> 3) & 0x03;
  // MQTT 3.1 does not use this bit.
  if (level > 3 && (flags & flag.reserved) !== 0) malformed('the reserved flag of CONNECT is set');
  if (willQos === 3) malformed('the will has QoS 3');
  if ((flags & flag.will) === 0 && (willQos !== 0 || (flags & flag.willRetain) !== 0)) {
    malformed('will flags are set without a will');
  }
  if (level < 5 && (flags & flag.password) !== 0 && (flags & flag.username) === 0) {
    malformed('a password without a user name');
  }
}

function takeWill(reader: PacketReader, flags: number, level: ProtocolLevel): Will {
  const properties = takeProperties(reader, level, 'will');
  const topic = reader.string();
  const problem = topicNameProblem(topic);
  if (problem !== undefined) reader.fail(reasonCode.malformedPacket, problem);
  const payload = reader.binary();
  const qos = ((flags >> 3) & 0x03) as Qos;
  return { topic, payload, qos, retain: (flags & flag.willRetain) !== 0, properties };
}
