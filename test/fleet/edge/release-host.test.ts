import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HostStatus, ReleaseHost } from '../../../src/fleet/edge/release-host.ts';
import { startRunner } from '../../../src/fleet/edge/runner-process.ts';
import { encodeRelease } from '../../../src/fleet/release-document.ts';
import { type SealedRelease, sealRelease } from '../../../src/fleet/release.ts';
import { diskFiles } from '../../../src/fleet/store/disk-files.ts';
import { openReleaseStore } from '../../../src/fleet/store/release-store.ts';
import {
  ANY_VERSION,
  badFlows,
  functionNode,
  newSigner,
  seal,
  signer,
  tickingFlow,
  trusted,
} from '../release-samples.ts';

const LONGEST_WAIT_MS = 60_000;

/** A release host with a real runner and no network. */
class TestHost implements AsyncDisposable {
  readonly host: ReleaseHost;
  readonly phases: string[] = [];
  #changed = (): void => {};

  /** `answerTimeoutMs`: how long the runner may be silent. A flow is not to be given up for a busy machine. */
  constructor(folder: string, answerTimeoutMs = 30_000) {
    const store = openReleaseStore(diskFiles(folder));
    this.host = new ReleaseHost({
      store,
      trusted,
      startRunner: (signal) => startRunner({ signal, folder: join(folder, 'runner'), log: () => {}, answerTimeoutMs }),
      log: () => {},
      soakMs: 200,
      changed: () => {
        const { name } = store.state.phase;
        if (this.phases.at(-1) !== name) this.phases.push(name);
        this.#changed();
      },
    });
  }

  /** Offers a release and resolves with the status when it is settled and the runtime was put in order. */
  async take(sealed: SealedRelease, wanted: (status: HostStatus) => boolean): Promise<HostStatus> {
    this.host.offer(encodeRelease(sealed));
    return this.until(wanted);
  }

  async until(wanted: (status: HostStatus) => boolean): Promise<HostStatus> {
    const giveUpAt = Date.now() + LONGEST_WAIT_MS;
    for (;;) {
      const change = new Promise<void>((resolve) => {
        this.#changed = resolve;
        setTimeout(resolve, 500);
      });
      const status = await this.host.status();
      if (wanted(status)) return status;
      if (Date.now() > giveUpAt) throw new Error(`still ${JSON.stringify(status)}`);
      await change;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host.close();
  }
}

describe('A release host', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'chartwire-host-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, maxRetries: 5 }));

  const first = seal(tickingFlow('one'), 1);
  const second = seal(tickingFlow('two'), 2);
  const runs =
    (sealed: SealedRelease) =>
    ({ phase, running }: HostStatus): boolean =>
      phase.name === 'committed' && running?.digest === sealed.digest;

  it('walks through every state to a commit, and runs it again after a restart without being told', async () => {
    {
      await using test = new TestHost(folder);
      await test.take(first, runs(first));
      assert.deepEqual(test.phases.slice(-5), ['verifying', 'staging', 'preflight', 'trial', 'committed']);
    }
    await using again = new TestHost(folder);
    const { running } = await again.until(runs(first));
    assert.equal(running?.version, 1);
  });

  it('refuses a release older than the committed one, a stranger and one that needs newer software, and runs on', async () => {
    await using test = new TestHost(folder);
    await test.take(second, runs(second));
    const newer = { ...ANY_VERSION, nodeRed: '99.0.0' };
    const refused: [SealedRelease, RegExp][] = [
      [first, /^RELEASE_TOO_OLD/],
      [seal(tickingFlow('three'), 3, newSigner()), /^RELEASE_SIGNATURE_INVALID/],
      [
        sealRelease({ name: 'ticks', flows: tickingFlow('four'), version: 4, minVersions: newer }, signer),
        /needs nodeRed 99/,
      ],
    ];
    for (const [sealed, reason] of refused) {
      const isRefused = ({ phase }: HostStatus): boolean => phase.name === 'rejected' && phase.digest === sealed.digest;
      const { phase, running } = await test.take(sealed, isRefused);
      assert.match('reason' in phase ? phase.reason : '', reason);
      assert.equal(running?.digest, second.digest);
    }
  });

  it('runs nothing, and says why, when its first release fails, and does not try it again', async () => {
    await using test = new TestHost(folder);
    const bad = seal(badFlows['throws at start'], 1);
    const hasFailed = ({ phase, running }: HostStatus): boolean => phase.name === 'rolled_back' && running === null;
    const { phase } = await test.take(bad, hasFailed);
    assert.match('reason' in phase ? phase.reason : '', /no such sensor/);
    test.phases.length = 0;
    test.host.offer(encodeRelease(bad));
    await test.take(first, runs(first)).catch(() => assert.fail(test.phases.join()));
    assert.equal(test.phases.filter((name) => name === 'trial').length, 1);
  });

  it('kills a release that never lets go of the processor, and regains the good one', async () => {
    await using test = new TestHost(folder, 6_000);
    await test.take(first, runs(first));
    const loop = seal([...tickingFlow('loop'), functionNode('loop', 'return msg;', 'for (;;) {}')], 2);
    const isBack = ({ phase, running }: HostStatus): boolean =>
      phase.name === 'rolled_back' && running?.digest === first.digest;
    const { phase } = await test.take(loop, isBack);
    assert.match('reason' in phase ? phase.reason : '', /did not answer/);
  });

  it('runs the release before when the file of the committed one is damaged, and takes it over once more', async () => {
    {
      await using test = new TestHost(folder);
      await test.take(first, runs(first));
      await test.take(second, runs(second));
    }
    writeFileSync(join(folder, 'releases', `${second.digest}.json`), '{}');
    await using test = new TestHost(folder);
    const { trouble } = await test.until(({ running }) => running?.digest === first.digest);
    assert.match(trouble!, /RELEASE_INVALID|STORE_DAMAGED/);
    const healed = await test.take(second, runs(second));
    assert.equal(healed.trouble, undefined);
  });

  it('gives a release up whose trial never lived to its end, but not after a few accidents', async () => {
    const store = openReleaseStore(diskFiles(folder));
    for (let accident = 1; accident <= 5; accident += 1) {
      const { trial } = openReleaseStore(diskFiles(folder)).state;
      assert.equal(trial?.interrupted ?? 0, accident - 1);
      store.save({
        trial: trial ?? { digest: first.digest, interrupted: 0 },
        phase: { name: 'trial', digest: first.digest },
      });
      await using test = new TestHost(folder);
      const { phase } = await test.host.status();
      assert.equal(phase.name, accident < 5 ? 'fetching' : 'rolled_back');
    }
    await using test = new TestHost(folder);
    await test.take(first, ({ phase }) => phase.name === 'rolled_back');
    await test.take(second, runs(second));
  });
});
