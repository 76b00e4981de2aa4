import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../fault.ts';
import { isAlive, parseRecord, processRecord, type ProcessRecord } from './process-record.ts';

const FILE = 'lock';

/** Holds the home for this process alone; returns what lets go. A lock whose owner is dead is taken over. Throws HOME_LOCKED. */
export function lockHome(home: string): () => void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const lock = join(home, FILE);
  const own = `${lock}.${process.pid}`;
  const self = processRecord(process.pid);
  writeFileSync(own, JSON.stringify(self), { mode: 0o600 });
  try {
    while (!tryLink(own, lock)) {
      const owner = ownerOf(lock);
      if (owner !== undefined && isAlive(owner)) throw new Fault('HOME_LOCKED', { home, pid: owner.pid });
      setAside(lock, owner);
    }
  } finally {
    rmSync(own, { force: true });
  }
  return () => {
    if (ownerOf(lock)?.start === self?.start) rmSync(lock, { force: true });
  };
}

/** A hard link fails when the name exists, and brings the whole content at once. */
function tryLink(own: string, lock: string): boolean {
  try {
    linkSync(own, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function ownerOf(lock: string): ProcessRecord | undefined {
  try {
    return parseRecord(readFileSync(lock, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Moves a dead owner's lock away; puts it back when in the meantime somebody living had taken it. */
function setAside(lock: string, dead: ProcessRecord | undefined): void {
  const aside = `${lock}.stale-${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch {
    return; // Another one was faster; the next try sees whose it is.
  }
  const moved = ownerOf(aside);
  if (moved !== undefined && moved.start !== dead?.start && isAlive(moved)) tryLink(aside, lock);
  rmSync(aside, { force: true });
}
