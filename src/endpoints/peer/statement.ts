import { createPrivateKey, randomBytes, sign, verify, X509Certificate } from 'node:crypto';
import { isRecord } from '../../is-record.ts';
import { isOfCa, sideOf, type FarSide } from './fingerprint.ts';
import type { PeerIdentity } from './settings.ts';

/** What peers say to each other through a post, before they can talk. */
export type Signal =
  | { readonly kind: 'offer'; readonly sdp: string; readonly replaces: string }
  | { readonly kind: 'answer'; readonly sdp: string }
  | { readonly kind: 'candidate'; readonly candidate: string; readonly mid: string }
  | { readonly kind: 'refusal'; readonly reason: string };

/** A signal, by whom it was signed and for what session. */
export interface Statement {
  /** Who signed it. */
  readonly from: FarSide;
  readonly session: string;
  /** Counts up from 0 within one session and signer. */
  readonly number: number;
  readonly at: number;
  readonly signal: Signal;
}

export interface Sealing {
  readonly to: string;
  readonly session: string;
  readonly number: number;
}

/** Longest text that is looked at, in characters. */
export const MAX_STATEMENT_LENGTH = 32_768;
const SESSION = /^[0-9a-f]{16}$/;

export function newSession(): string {
  return randomBytes(8).toString('hex');
}

/** A signal as text: certificate, what is said, signature of the device's key over what is said. */
export function sealStatement({ cert, key }: PeerIdentity, { to, session, number }: Sealing, signal: Signal): string {
  const body = JSON.stringify({ to, session, number, at: Date.now(), signal });
  const signature = sign('sha256', Buffer.from(body), createPrivateKey(key)).toString('base64');
  return JSON.stringify({ cert: new X509Certificate(cert).raw.toString('base64'), body, signature });
}

/**
 * What was said, if one of these peers has signed it and meant us; otherwise why it is not heard, and who it claims to be.
 * Without a CA the certificate's dates do not matter: it is known by its fingerprint.
 */
export function openStatement(
  text: string,
  me: string,
  isAllowed: (fingerprint: string) => boolean,
  ca?: string,
): Statement | { readonly problem: string; readonly claims: string } {
  const claimsNothing = (problem: string): { problem: string; claims: string } => ({ problem, claims: 'unknown' });
  if (text.length > MAX_STATEMENT_LENGTH) return claimsNothing(`a statement of ${text.length} characters`);
  const outer = parse(text);
  if (outer === undefined) return claimsNothing('no statement');
  const { cert, body, signature } = outer;
  if (typeof cert !== 'string' || typeof body !== 'string' || typeof signature !== 'string') {
    return claimsNothing('no statement');
  }
  const certificate = readCertificate(cert);
  if (certificate === undefined) return claimsNothing('no certificate');
  const from = sideOf(certificate);
  const no = (problem: string): { problem: string; claims: string } => ({ problem, claims: from.fingerprint });
  if (!isAllowed(from.fingerprint)) return no(`fingerprint ${from.fingerprint} is not allowed here`);
  if (ca !== undefined && !isOfCa(ca, certificate)) return no('the certificate is not a valid one of our CA');
  if (!isSigned(certificate, body, signature)) return no('the signature is wrong');
  const inner = parse(body);
  if (inner === undefined) return no('no statement');
  const { to, session, number, at } = inner;
  if (to !== me) return no('meant for somebody else');
  if (typeof session !== 'string' || !SESSION.test(session)) return no('no session');
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0) return no('no number');
  if (typeof at !== 'number' || !Number.isFinite(at)) return no('no time');
  const signal = signalOf(inner['signal']);
  if (signal === undefined) return no('no signal');
  return { from, session, number, at, signal };
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function readCertificate(base64: string): X509Certificate | undefined {
  try {
    return new X509Certificate(Buffer.from(base64, 'base64'));
  } catch {
    return undefined;
  }
}

function isSigned({ publicKey }: X509Certificate, body: string, signature: string): boolean {
  try {
    return verify('sha256', Buffer.from(body), publicKey, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}

function signalOf(value: unknown): Signal | undefined {
  if (!isRecord(value)) return undefined;
  const { kind, sdp, replaces, candidate, mid, reason } = value;
  if (kind === 'offer' && typeof sdp === 'string' && typeof replaces === 'string') return { kind, sdp, replaces };
  if (kind === 'answer' && typeof sdp === 'string') return { kind, sdp };
  if (kind === 'candidate' && typeof candidate === 'string' && typeof mid === 'string') return { kind, candidate, mid };
  if (kind === 'refusal' && typeof reason === 'string') return { kind, reason };
  return undefined;
}
