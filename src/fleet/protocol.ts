import { Fault } from '../fault.ts';
import { isRecord } from '../is-record.ts';
import type { Versions } from './manifest.ts';
import type { Phase } from './store/store-state.ts';

/** What follows the id in a fleet topic. `desired`, `reported` and `presence` are retained; `desired` is a release document. */
export type FleetTopic = 'desired' | 'reported' | 'presence' | 'cmd';

/** A release as the live runtime runs it. */
export interface RunningRelease {
  readonly digest: string;
  readonly version: number;
  readonly revision: string;
}

/** Reported state of an edge host: `running` is asked from the live runtime each time, never remembered. */
export interface Reported {
  readonly edgeId: string;
  readonly running: RunningRelease | null;
  readonly state: Phase['name'];
  /** The release the state speaks of. */
  readonly digest?: string;
  readonly reason?: string;
  /** ms since 1970 by the host's own clock. */
  readonly at: number;
  readonly versions: Versions;
}

export interface Presence {
  readonly online: boolean;
}

/** Asks a host for its reported state at once. */
export interface FleetCommand {
  readonly kind: 'report';
}

const ROOT = 'chartwire/fleet';
/** Longest text of a reported state: the controller keeps it and shows it. Hosts cut theirs. */
export const MAX_TEXT_LENGTH = 16_384;

export function fleetTopic(edgeId: string, topic: FleetTopic): string {
  return `${ROOT}/${edgeId}/${topic}`;
}

/** The parts of a fleet topic; undefined for any other topic. */
export function parseFleetTopic(topic: string): { edgeId: string; kind: string } | undefined {
  const found = /^chartwire\/fleet\/([^/]+)\/([^/]+)$/.exec(topic);
  return found === null ? undefined : { edgeId: found[1]!, kind: found[2]! };
}

/** Throws MESSAGE_INVALID. */
export function parseReported(payload: Uint8Array): Reported {
  const value = parseRecord(payload);
  const { running, state, edgeId, at, versions } = value;
  if (typeof edgeId !== 'string' || typeof state !== 'string' || typeof at !== 'number' || !isRecord(versions)) {
    throw invalid('reported state lacks edgeId, state, at or versions');
  }
  // A newer host may know other states.
  if (!/^[a-z_]{1,40}$/.test(state)) throw invalid('reported.state is not the name of a state');
  for (const name of ['digest', 'reason']) {
    const text = value[name];
    if (text !== undefined && (typeof text !== 'string' || text.length > MAX_TEXT_LENGTH)) {
      throw invalid(`reported.${name} is not a text of at most ${MAX_TEXT_LENGTH} characters`);
    }
  }
  if (
    running !== null &&
    !(isRecord(running) && typeof running['digest'] === 'string' && Number.isInteger(running['version']))
  ) {
    throw invalid('reported.running is not a release');
  }
  return value as unknown as Reported;
}

/** Throws MESSAGE_INVALID. */
export function parsePresence(payload: Uint8Array): Presence {
  const { online } = parseRecord(payload);
  if (typeof online !== 'boolean') throw invalid('presence.online is not true or false');
  return { online };
}

/** Throws MESSAGE_INVALID. */
export function parseCommand(payload: Uint8Array): FleetCommand {
  const { kind } = parseRecord(payload);
  if (kind !== 'report') throw invalid(`command ${String(kind)} is not known here`);
  return { kind };
}

export function toPayload(value: Reported | Presence | FleetCommand): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function parseRecord(payload: Uint8Array): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(payload).toString('utf8'));
  } catch (error) {
    throw new Fault('MESSAGE_INVALID', { problem: 'not JSON' }, { cause: error });
  }
  if (!isRecord(value)) throw invalid('not an object');
  return value;
}

function invalid(problem: string): Fault {
  return new Fault('MESSAGE_INVALID', { problem });
}
