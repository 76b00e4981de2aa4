import type { IssuedCertificate } from '../../src/security/certificates.ts';

/** Messages under way. */
export const WINDOW = 64;

/** What both ends of one side need. */
export interface SideSettings {
  readonly server: IssuedCertificate;
  readonly client: IssuedCertificate;
  readonly payloadBytes: number;
}

/** A sender and a receiver in one process, connected. They live as long as it. */
export interface Side {
  /** Resolves when the far side has taken one message over. */
  send(): Promise<void>;
  received(): number;
}

export type SideName = 'lan' | 'direct' | 'tls' | 'datachannel';

export type Question = { readonly start: SideSettings & { readonly side: SideName } } | { readonly runForMs: number };

export interface Slice {
  readonly messages: number;
  readonly ms: number;
  /** User and system time of the whole process: both ends. */
  readonly cpuMs: number;
  readonly p50Us: number;
  readonly p99Us: number;
}
