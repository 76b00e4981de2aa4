import { decode } from '../codec/codecs.ts';
import { defaultCodecLimits } from '../codec/codec.ts';
import { compileSchema } from '../schema/schema.ts';
import { createDeduplicator, type DedupeWindow } from './deduplicate.ts';
import { contentId, givenId, type Identified } from './message-id.ts';

export interface ClientSettings {
  /** JSON Schema every decoded value must keep; without one every value is valid. Check it with `schemaProblem` first. */
  readonly schema?: unknown;
  readonly dedupeWindow?: DedupeWindow;
  /** Messages without `device` and `sequence`: compare their content (default), or take each for a new one. */
  readonly withoutId?: 'compare content' | 'accept';
  /** Content type of messages that name none. Default `application/json`. */
  readonly contentType?: string;
  /** Largest payload, in bytes. Default 262,144. */
  readonly maxPayloadBytes?: number;
  /** Most objects and arrays inside one another. Default 64. */
  readonly maxDepth?: number;
  /** A clock in ms that never goes back. */
  readonly now?: () => number;
}

export type Taken =
  | { readonly kind: 'accepted'; readonly value: unknown }
  | { readonly kind: 'duplicate'; readonly id: string }
  | { readonly kind: 'invalid'; readonly problem: string };

export interface ClientCounts {
  readonly accepted: number;
  readonly duplicates: number;
  readonly invalid: number;
  /** Payload bytes of all of them. */
  readonly bytes: number;
}

/** Joins what arrives over several branches: decodes it, validates it and lets each message through once. */
export interface Client {
  take(message: Identified): Taken;
  counts(): ClientCounts;
}

/** Throws SETTINGS_INVALID when the schema is wrong. */
export function createClient(settings: ClientSettings = {}): Client {
  const schema = settings.schema === undefined ? undefined : compileSchema(settings.schema);
  const { contentType = 'application/json', withoutId = 'compare content' } = settings;
  const maxBytes = settings.maxPayloadBytes ?? defaultCodecLimits.maxBytes;
  const limits = { maxBytes, maxDepth: settings.maxDepth ?? defaultCodecLimits.maxDepth };
  const seen = createDeduplicator(settings.dedupeWindow, settings.now);
  let accepted = 0;
  let duplicates = 0;
  let invalid = 0;
  let bytes = 0;

  function refuse(problem: string): Taken {
    invalid += 1;
    return { kind: 'invalid', problem };
  }

  return {
    take(message) {
      const { payload } = message;
      bytes += payload.length;
      // Before hashing: a payload that is too large must not cost more than its refusal.
      if (payload.length > maxBytes) return refuse(`${payload.length} bytes exceed the limit of ${maxBytes}`);
      const id = givenId(message) ?? (withoutId === 'accept' ? undefined : contentId(message));
      if (id !== undefined && seen.has(id)) {
        duplicates += 1;
        return { kind: 'duplicate', id };
      }
      const decoded = decode(payload, message.contentType ?? contentType, limits);
      if ('problem' in decoded) return refuse(decoded.problem);
      const problem = schema?.validate(decoded.value);
      if (problem !== undefined) return refuse(problem);
      // Only now: a damaged copy must not keep the sound one out.
      if (id !== undefined) seen.add(id);
      accepted += 1;
      return { kind: 'accepted', value: decoded.value };
    },
    counts: () => ({ accepted, duplicates, invalid, bytes }),
  };
}
