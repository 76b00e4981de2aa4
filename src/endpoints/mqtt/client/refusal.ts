import { Fault } from '../../../fault.ts';
import { reasonCode, reasonName, type ProtocolLevel } from '../../../wire/mqtt/index.ts';

/** What a broker's reason code says, for people: `Not authorized (135): told by the broker`. */
export function answerOf(code: number, reasonString?: string): string {
  const words = reasonName(code).replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const answer = `${words.charAt(0).toUpperCase()}${words.slice(1)} (${code})`;
  return reasonString === undefined ? answer : `${answer}: ${reasonString}`;
}

/** The reason code of MQTT 5 for a CONNACK of any level (MQTT 3.1.1, table 3.1). */
export function connackReason(level: ProtocolLevel, code: number): number {
  return level === 5 ? code : (RETURN_CODES[code] ?? reasonCode.unspecifiedError);
}

export const linkRefused = (url: string, answer: string): Fault => new Fault('LINK_REFUSED', { url, answer });

export const farSideRefused = (url: string, answer: string): Fault => new Fault('FAR_SIDE_REFUSED', { url, answer });

const RETURN_CODES = [
  reasonCode.success,
  reasonCode.unsupportedProtocolVersion,
  reasonCode.clientIdentifierNotValid,
  reasonCode.serverUnavailable,
  reasonCode.badUserNameOrPassword,
  reasonCode.notAuthorized,
];
