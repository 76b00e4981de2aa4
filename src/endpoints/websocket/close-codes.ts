/** Why a connection is closed (RFC 6455, 7.4.1, and the IANA registry for 1013). */
export const closeCodes = {
  done: 1000,
  goingAway: 1001,
  malformed: 1002,
  forbidden: 1008,
  oversize: 1009,
  overload: 1013,
} as const;
