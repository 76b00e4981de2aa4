import type { PacketName } from './packet-types.ts';

/** Reason codes, MQTT 5.0 section 2.4; from 0x80 on they tell a failure. Where one byte has several names, the first is listed as well as its others. */
export const reasonCode = {
  success: 0x00,
  normalDisconnection: 0x00,
  grantedQos0: 0x00,
  grantedQos1: 0x01,
  grantedQos2: 0x02,
  disconnectWithWill: 0x04,
  noMatchingSubscribers: 0x10,
  noSubscriptionExisted: 0x11,
  continueAuthentication: 0x18,
  reauthenticate: 0x19,
  unspecifiedError: 0x80,
  malformedPacket: 0x81,
  protocolError: 0x82,
  implementationSpecificError: 0x83,
  unsupportedProtocolVersion: 0x84,
  clientIdentifierNotValid: 0x85,
  badUserNameOrPassword: 0x86,
  notAuthorized: 0x87,
  serverUnavailable: 0x88,
  serverBusy: 0x89,
  banned: 0x8a,
  serverShuttingDown: 0x8b,
  badAuthenticationMethod: 0x8c,
  keepAliveTimeout: 0x8d,
  sessionTakenOver: 0x8e,
  topicFilterInvalid: 0x8f,
  topicNameInvalid: 0x90,
  packetIdentifierInUse: 0x91,
  packetIdentifierNotFound: 0x92,
  receiveMaximumExceeded: 0x93,
  topicAliasInvalid: 0x94,
  packetTooLarge: 0x95,
  messageRateTooHigh: 0x96,
  quotaExceeded: 0x97,
  administrativeAction: 0x98,
  payloadFormatInvalid: 0x99,
  retainNotSupported: 0x9a,
  qosNotSupported: 0x9b,
  useAnotherServer: 0x9c,
  serverMoved: 0x9d,
  sharedSubscriptionsNotSupported: 0x9e,
  connectionRateExceeded: 0x9f,
  maximumConnectTime: 0xa0,
  subscriptionIdentifiersNotSupported: 0xa1,
  wildcardSubscriptionsNotSupported: 0xa2,
} as const;

/** Packets that carry reason codes. */
export type ReasonPacket = Exclude<
  PacketName,
  'connect' | 'publish' | 'subscribe' | 'unsubscribe' | 'pingreq' | 'pingresp'
>;

/** True when the standard lets `packet` carry `code` (v5). */
export function mayCarry(packet: ReasonPacket, code: number): boolean {
  return allowed[packet].has(code);
}

/** The first name of a code, or its hexadecimal digits where the standard has none. */
export function reasonName(code: number): string {
  return names.get(code) ?? `0x${code.toString(16).padStart(2, '0')}`;
}

/**
 * What a v3 CONNACK says for a v5 reason code, 1 to 5; 3 ("server unavailable") where nothing fits better. Return code 4
 * is a wrong password in MQTT 3.1 (3.2), and a malformed one, which nobody can send, in MQTT 3.1.1 (table 3.1).
 */
export function connackReturnCode(code: number, level: 3 | 4): number {
  if (code === 0) return 0;
  if (level === 3 && (code === reasonCode.badUserNameOrPassword || code === reasonCode.badAuthenticationMethod))
    return 4;
  return returnCodes.get(code) ?? 3;
}

const returnCodes: ReadonlyMap<number, number> = new Map([
  [reasonCode.unsupportedProtocolVersion, 1],
  [reasonCode.clientIdentifierNotValid, 2],
  [reasonCode.badUserNameOrPassword, 5],
  [reasonCode.badAuthenticationMethod, 5],
  [reasonCode.notAuthorized, 5],
  [reasonCode.banned, 5],
]);

const publishAnswers = [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99];

const allowed: Readonly<Record<ReasonPacket, ReadonlySet<number>>> = {
  connack: new Set([
    0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8c, 0x90, 0x95, 0x97, 0x99, 0x9a, 0x9b,
    0x9c, 0x9d, 0x9f,
  ]),
  puback: new Set(publishAnswers),
  pubrec: new Set(publishAnswers),
  pubrel: new Set([0x00, 0x92]),
  pubcomp: new Set([0x00, 0x92]),
  suback: new Set([0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8f, 0x91, 0x97, 0x9e, 0xa1, 0xa2]),
  unsuback: new Set([0x00, 0x11, 0x80, 0x83, 0x87, 0x8f, 0x91]),
  disconnect: new Set([
    0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8b, 0x8d, 0x8e, 0x8f, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98,
    0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f, 0xa0, 0xa1, 0xa2,
  ]),
  auth: new Set([0x00, 0x18, 0x19]),
};

const names: ReadonlyMap<number, string> = new Map(
  Object.entries(reasonCode)
    .reverse()
    .map(([name, code]) => [code, name]),
);
