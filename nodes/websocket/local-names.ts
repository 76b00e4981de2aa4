/** Properties of a whole message that only mean something on this side: they are not sent, and not taken from outside. */
export const LOCAL = ['_session', 'client', 'from', 'req', 'res'] as const;
