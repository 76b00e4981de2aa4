/** How long a body that was refused may go on, unread, so that its sender gets to see the answer. In ms. */
export const LINGER_MS = 1_000;
