import { readFile } from 'node:fs/promises';
import { writeSecret } from '../security/secret-file.ts';
import type { Figures } from './figures.ts';
import type { Proposal } from './propose.ts';

/** How an experiment ended. `abandoned`: it could not be judged. */
export type Outcome = 'kept' | 'reverted' | 'abandoned';

/** One finished experiment. */
export interface LogEntry {
  /** RFC 3339. */
  readonly endedAt: string;
  readonly proposal: Proposal;
  readonly outcome: Outcome;
  /** A sentence with figures. */
  readonly because: string;
  readonly before: Figures;
  /** Absent when too few messages came. */
  readonly after?: Figures;
}

/** Where the log is kept. */
export interface LogStore {
  /** The entries, oldest first; none when nothing was saved or what is there cannot be read. */
  load(): Promise<readonly LogEntry[]>;
  /** Replaces all entries. */
  save(entries: readonly LogEntry[]): Promise<void>;
}

export const MAX_LOG_ENTRIES = 100;

/** Keeps the log in one JSON file, readable by its owner only and whole at any moment. Its folder is made when missing. */
export function fileLogStore(path: string): LogStore {
  return {
    async load() {
      try {
        const saved: unknown = JSON.parse(await readFile(path, 'utf8'));
        return Array.isArray(saved) ? saved.filter(isLogEntry).slice(-MAX_LOG_ENTRIES) : [];
      } catch {
        // Experience, not state: without it the same is measured again.
        return [];
      }
    },
    save: (entries) => writeSecret(path, JSON.stringify(entries.slice(-MAX_LOG_ENTRIES), undefined, 2)),
  };
}

function isLogEntry(value: unknown): value is LogEntry {
  return typeof value === 'object' && value !== null && 'proposal' in value && 'outcome' in value && 'endedAt' in value;
}
