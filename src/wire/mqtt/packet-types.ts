/** Control packet types, MQTT 5.0 section 2.1.2: the upper four bits of the first byte. */
export const packetType = {
  connect: 1,
  connack: 2,
  publish: 3,
  puback: 4,
  pubrec: 5,
  pubrel: 6,
  pubcomp: 7,
  subscribe: 8,
  suback: 9,
  unsubscribe: 10,
  unsuback: 11,
  pingreq: 12,
  pingresp: 13,
  disconnect: 14,
  auth: 15,
} as const;

export type PacketName = keyof typeof packetType;

/** The name of a type; undefined for 0, which is forbidden. */
export function packetName(type: number): PacketName | undefined {
  return names[type];
}

const names: readonly (PacketName | undefined)[] = [undefined, ...(Object.keys(packetType) as PacketName[])];
