import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRelease } from '../../../src/fleet/release.ts';
import { diskFiles } from '../../../src/fleet/store/disk-files.ts';
import type { Files } from '../../../src/fleet/store/files.ts';
import { openReleaseStore } from '../../../src/fleet/store/release-store.ts';
import { seal, tickingFlow, trusted } from '../release-samples.ts';
import { disksAfter, RecordingFiles } from './crash-model.ts';

const first = seal(tickingFlow('one'), 1);
const second = seal(tickingFlow('two'), 2);
const third = seal(tickingFlow('three'), 3);

/** What an edge host writes from the moment a release arrives until it is committed. */
function takeOver(files: Files, sealed = third, version = 3): void {
  const store = openReleaseStore(files);
  store.save({ phase: { name: 'staging', digest: sealed.digest } });
  store.keep(sealed);
  store.save({ phase: { name: 'trial', digest: sealed.digest }, trial: { digest: sealed.digest, interrupted: 0 } });
  store.commit(sealed.digest, version);
}

function diskWithTwo(): ReadonlyMap<string, Uint8Array> {
  const files = new RecordingFiles();
  takeOver(files, first, 1);
  takeOver(files, second, 2);
  return [...disksAfter(files.start, files.steps)][0]!;
}

/** Runs the check on every disk a crash anywhere in the take-over may leave; returns how many there were. */
function onEveryCrash(act: (files: Files) => void, check: (files: RecordingFiles, finished: boolean) => void): number {
  const before = diskWithTwo();
  const files = new RecordingFiles(before);
  act(files);
  let count = 0;
  for (let step = 0; step <= files.steps.length; step += 1) {
    for (const disk of disksAfter(before, files.steps.slice(0, step))) {
      check(new RecordingFiles(disk), step === files.steps.length);
      count += 1;
    }
  }
  return count;
}

describe('The release store', () => {
  it('comes back whole from every state a power loss can leave, and never loses a commit that had returned', () => {
    const states = onEveryCrash(takeOver, (files, finished) => {
      const store = openReleaseStore(files);
      assert.equal(store.damage, undefined);
      const { committed } = store.state;
      assert.ok(committed === third.digest || (committed === second.digest && !finished), `committed ${committed}`);
      openRelease(store.read(committed), trusted);
      takeOver(files);
      assert.equal(openReleaseStore(files).state.committed, third.digest);
      assert.equal(openReleaseStore(files).state.previous, second.digest);
      openRelease(openReleaseStore(files).read(third.digest), trusted);
      assert.ok(!files.list('releases').some((name) => name.endsWith('.tmp')));
    });
    assert.ok(states > 30, `only ${states} states`);
  });

  it('is judged by a model that sees the fault of a store that writes in place', () => {
    const faults: unknown[] = [];
    const inPlace = (files: Files): void => {
      const store = openReleaseStore(files);
      files.write('state.json', Buffer.from(JSON.stringify({ ...store.state, committed: third.digest })));
      files.write(`releases/${third.digest}.json`, Buffer.from('late'));
    };
    onEveryCrash(inPlace, (files) => {
      try {
        const store = openReleaseStore(files);
        store.read(store.state.committed!);
      } catch (error) {
        faults.push(error);
      }
    });
    assert.ok(faults.length > 0);
  });

  describe('on a real disk', () => {
    let home: string;
    beforeEach(() => {
      home = mkdtempSync(join(tmpdir(), 'chartwire-store-'));
    });
    afterEach(() => rmSync(home, { recursive: true }));

    it('keeps what was committed, for its owner alone', () => {
      takeOver(diskFiles(home), second, 2);
      takeOver(diskFiles(home));
      const store = openReleaseStore(diskFiles(home));
      assert.deepEqual([store.state.committed, store.state.previous], [third.digest, second.digest]);
      assert.equal(statSync(join(home, 'state.json')).mode & 0o777, 0o600);
    });

    it('does not give out a release that changed on the disk', () => {
      takeOver(diskFiles(home));
      const path = join(home, 'releases', `${third.digest}.json`);
      writeFileSync(path, readFileSync(path, 'utf8').replace('"manifest":"{', '"manifest":"{ '));
      assert.throws(() => openReleaseStore(diskFiles(home)).read(third.digest), { code: 'STORE_DAMAGED' });
    });

    it('starts anew, and says so, when its state is damaged', () => {
      takeOver(diskFiles(home));
      writeFileSync(join(home, 'state.json'), '{"committed"');
      const store = openReleaseStore(diskFiles(home));
      assert.match(store.damage!, /^STORE_DAMAGED: /);
      assert.equal(store.state.committed, null);
    });
  });
});
