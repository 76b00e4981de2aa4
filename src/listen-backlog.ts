/**
 * Connections that may wait to be accepted: when a fleet comes back all at once, those beyond it wait a second for TCP's next
 * try. The limit of the system holds besides (`net.core.somaxconn`, 4,096 on Linux).
 */
export const LISTEN_BACKLOG = 4_096;
