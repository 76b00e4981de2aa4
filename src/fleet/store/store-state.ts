import { Fault } from '../../fault.ts';
import { isDigest } from '../digest.ts';
import { isRecord } from '../../is-record.ts';

/** Where the host stands with the newest release it was told to run. Kept on disk before it is acted upon. */
export type Phase =
  | { readonly name: 'idle' }
  | {
      readonly name: 'fetching' | 'verifying' | 'staging' | 'preflight' | 'trial' | 'committed';
      readonly digest: string;
    }
  | { readonly name: 'rolled_back' | 'rejected'; readonly digest: string; readonly reason: string };

/** A release whose trial failed here; not tried again by the same software. */
export interface Quarantined {
  readonly digest: string;
  readonly reason: string;
  readonly at: number;
  /** Versions it failed under; empty when it failed whatever they are. */
  readonly software: string;
}

export interface StoreState {
  readonly committed: string | null;
  readonly previous: string | null;
  /** Newest version ever committed. */
  readonly version: number;
  /** A release being tried, and how often a trial of it was cut short by the end of the supervisor. */
  readonly trial: { readonly digest: string; readonly interrupted: number } | null;
  readonly quarantined: readonly Quarantined[];
  readonly phase: Phase;
}

export const EMPTY_STATE: StoreState = {
  committed: null,
  previous: null,
  version: 0,
  trial: null,
  quarantined: [],
  phase: { name: 'idle' },
};

const STEPS = ['fetching', 'verifying', 'staging', 'preflight', 'trial', 'committed'];

/** Reads `state.json`. Throws STORE_DAMAGED. */
export function parseState(bytes: Uint8Array): StoreState {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    throw new Fault('STORE_DAMAGED', { problem: 'state.json is not JSON' }, { cause: error });
  }
  if (!isState(value)) throw new Fault('STORE_DAMAGED', { problem: 'state.json has not the form of a state' });
  return value;
}

function isState(value: unknown): value is StoreState {
  if (!isRecord(value)) return false;
  const { committed, previous, version, trial, quarantined, phase } = value;
  const isTrial =
    trial === null || (isRecord(trial) && isDigest(trial['digest']) && Number.isInteger(trial['interrupted']));
  return (
    (committed === null || isDigest(committed)) &&
    (previous === null || isDigest(previous)) &&
    Number.isSafeInteger(version) &&
    isTrial &&
    Array.isArray(quarantined) &&
    quarantined.every(isQuarantined) &&
    isPhase(phase)
  );
}

function isQuarantined(value: unknown): boolean {
  return (
    isRecord(value) &&
    isDigest(value['digest']) &&
    typeof value['reason'] === 'string' &&
    typeof value['software'] === 'string'
  );
}

function isPhase(value: unknown): value is Phase {
  if (!isRecord(value)) return false;
  const { name, digest, reason } = value;
  if (name === 'idle') return true;
  if (typeof digest !== 'string' || typeof name !== 'string') return false;
  return STEPS.includes(name) || ((name === 'rolled_back' || name === 'rejected') && typeof reason === 'string');
}
