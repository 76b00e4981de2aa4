/** Why a connection is closed (RFC 6455, 7.4.1, and the IANA registry for 1012 and 1013). */
export const closeCodes = {
  done: 1000,
  goingAway: 1001,
  malformed: 1002,
  /** What is reported when the close frame gave no reason; never sent. */
  noneGiven: 1005,
  /** What is reported when there was no close frame; never sent. */
  abnormal: 1006,
  notUtf8: 1007,
  forbidden: 1008,
  oversize: 1009,
  overload: 1013,
} as const;

/** Whether a close frame may carry it (RFC 6455, 7.4.2, and the registry: 1004 to 1006 and 1015 stand for what is not sent). */
export function isCloseCode(code: number): boolean {
  if (code >= 3000) return code <= 4999;
  return code >= 1000 && code <= 1014 && (code < 1004 || code > 1006);
}
