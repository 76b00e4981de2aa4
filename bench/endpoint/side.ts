import type { ProtocolName } from '../../src/endpoint/traits.ts';
import type { Identities } from './identities.ts';

export const WINDOW = 64;
export const payload = Buffer.alloc(100, 'chartwire');

/** What both ends of one side need; the same for ours and the other. */
export interface SideSettings {
  readonly protocol: ProtocolName;
  readonly identities: Identities;
  readonly brokerUrl: string;
}

/** A sender and a receiver, connected. They live as long as their process. */
export interface Side {
  /** Resolves when the far side has taken one message over. */
  send(): Promise<void>;
  /** How many messages the receiver has been given so far. */
  received(): number;
}

export interface Protocol {
  /** Through our endpoint. */
  ours(settings: SideSettings): Promise<Side>;
  /** By hand on the bare library. */
  bare(settings: SideSettings): Promise<Side>;
}

export type Question =
  { readonly start: SideSettings & { readonly side: keyof Protocol } } | { readonly runForMs: number };

export interface Slice {
  readonly messages: number;
  readonly ms: number;
  /** User and system time of the whole process: both ends. */
  readonly cpuMs: number;
}
