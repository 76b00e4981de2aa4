import { Fault } from '../../fault.ts';
import { digestOf, isDigest } from '../digest.ts';
import { decodeRelease, encodeRelease } from '../release-document.ts';
import type { SealedRelease } from '../release.ts';
import type { Files } from './files.ts';
import { replaceFile, sweep } from './replace-file.ts';
import { EMPTY_STATE, parseState, type StoreState } from './store-state.ts';

const STATE = 'state.json';
const RELEASES = 'releases';

/** The releases of an edge host on disk. Every method is durable when it returns, and may be repeated after a crash. */
export interface ReleaseStore {
  readonly state: StoreState;
  /** Why the state had to be started anew, when it was damaged. */
  readonly damage?: string;
  /** Changes the state in one step. */
  save(change: Partial<StoreState>): void;
  /** Keeps a release under its digest. */
  keep(sealed: SealedRelease): void;
  /** A kept release; the caller verifies it with `openRelease`. Throws STORE_DAMAGED when it is gone or not itself. */
  read(digest: string): SealedRelease;
  /** Forgets every release but these. */
  prune(wanted: readonly (string | null)[]): void;
  /** Makes a kept release the one this host runs from now on. */
  commit(digest: string, version: number): void;
}

/** Opens the store, removing what a crash left behind. Damaged state is set aside: the controller sends the release again. */
export function openReleaseStore(files: Files): ReleaseStore {
  files.makeDir(RELEASES);
  files.syncDir('.');
  sweep(files, '.');
  sweep(files, RELEASES);
  const loaded = load(files);
  let state = loaded.state;
  const save = (change: Partial<StoreState>): void => {
    const next = { ...state, ...change };
    replaceFile(files, STATE, Buffer.from(JSON.stringify(next)));
    state = next;
  };
  const read = (digest: string): SealedRelease => {
    const bytes = isDigest(digest) ? files.read(pathOf(digest)) : undefined;
    if (bytes === undefined) throw new Fault('STORE_DAMAGED', { problem: `release ${digest} is not there` });
    const sealed = decodeRelease(bytes);
    if (sealed.digest !== digest || digestOf(sealed.manifest) !== digest) {
      throw new Fault('STORE_DAMAGED', { problem: `release ${digest} is not what its name says` });
    }
    return sealed;
  };
  const prune = (wanted: readonly (string | null)[]): void => {
    for (const name of files.list(RELEASES)) {
      if (!wanted.includes(name.replace(/\.json$/, ''))) files.remove(`${RELEASES}/${name}`);
    }
  };
  return {
    get state() {
      return state;
    },
    ...(loaded.damage === undefined ? {} : { damage: loaded.damage }),
    save,
    keep: (sealed) => replaceFile(files, pathOf(sealed.digest), encodeRelease(sealed)),
    read,
    prune,
    commit: (digest, version) => {
      const previous = state.committed === digest ? state.previous : state.committed;
      save({
        committed: digest,
        previous,
        version: Math.max(version, state.version),
        trial: null,
        phase: { name: 'committed', digest },
      });
      prune([digest, previous]);
    },
  };
}

function load(files: Files): { state: StoreState; damage?: string } {
  const bytes = files.read(STATE);
  if (bytes === undefined) return { state: EMPTY_STATE };
  try {
    return { state: parseState(bytes) };
  } catch (error) {
    files.rename(STATE, `${STATE}.damaged`);
    return { state: EMPTY_STATE, damage: error instanceof Fault ? error.line : String(error) };
  }
}

function pathOf(digest: string): string {
  return `${RELEASES}/${digest}.json`;
}
