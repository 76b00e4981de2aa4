import type { ClientInfo } from './far-client.ts';

/** Somebody has come, gone, entered a room or left it. */
export interface Presence {
  readonly event: 'connect' | 'disconnect' | 'error' | 'join' | 'leave';
  readonly client: ClientInfo;
  readonly room?: string;
  /** Of the close frame; 1006 without one. */
  readonly code?: number;
  readonly reason?: string;
  /** Far sides that are connected now, or in the room. */
  readonly count: number;
}
