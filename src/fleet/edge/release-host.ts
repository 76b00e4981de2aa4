import { errorLine } from '../../fault.ts';
import type { Versions } from '../manifest.ts';
import type { RunningRelease } from '../protocol.ts';
import { decodeRelease } from '../release-document.ts';
import { openRelease, type Release, type SealedRelease } from '../release.ts';
import { digestOf } from '../digest.ts';
import type { TrustedKeys } from '../signer.ts';
import type { ReleaseStore } from '../store/release-store.ts';
import type { Phase, Quarantined, StoreState } from '../store/store-state.ts';
import { ownPackage } from '../../package-root.ts';
import { minVersionProblem } from './min-version.ts';
import { RunnerKeeper } from './runner-keeper.ts';
import type { Log, RunnerProcess } from './runner-process.ts';

export interface ReleaseHostOptions {
  readonly store: ReleaseStore;
  readonly trusted: TrustedKeys;
  /** Starts a runner; the signal ends it at once. */
  readonly startRunner: (signal: AbortSignal) => Promise<RunnerProcess>;
  readonly log: Log;
  /** Called at every change of what {@link ReleaseHost.status} would say. */
  readonly changed: () => void;
  /** How long a new release must run without a fault before it is committed, in ms. Default 500. */
  readonly soakMs?: number;
}

export interface HostStatus {
  readonly phase: Phase;
  readonly running: RunningRelease | null;
  readonly versions: Versions;
  /** Why the committed release does not run as it should. */
  readonly trouble?: string;
}

/** A supervisor that ended so often in the trial of one release was ended by it. */
const MAX_INTERRUPTIONS = 5;
const MAX_QUARANTINED = 32;
const NOTHING = '[]';
const FAREWELL_MS = 3500;

/** Takes releases over: checks, tries, commits or goes back; every step is on disk before it is acted upon. */
export class ReleaseHost implements AsyncDisposable {
  readonly #options: ReleaseHostOptions;
  readonly #keeper: RunnerKeeper;
  readonly #closing = new AbortController();
  /** What a revision of the live runtime means. */
  readonly #known = new Map<string, RunningRelease>();
  #next: Uint8Array | undefined;
  #work: Promise<void> | undefined;
  #trouble: string | undefined;
  #versions: Versions = { chartwire: ownPackage.version, nodeRed: 'not started', node: process.versions.node };

  constructor(options: ReleaseHostOptions) {
    this.#options = options;
    this.#trouble = options.store.damage;
    this.#settleInterrupted();
    this.#keeper = new RunnerKeeper({
      start: options.startRunner,
      restore: (runner) => this.#restore(runner),
      ended: (reason) => {
        this.#trouble = reason;
        options.changed();
      },
      log: options.log,
    });
  }

  /** Resolves when the first runner is at work. */
  async ready(signal: AbortSignal): Promise<void> {
    await this.#keeper.ready(AbortSignal.any([signal, this.#closing.signal]));
  }

  /** The document of the release this host should run. Only the newest waits while another is tried. */
  offer(document: Uint8Array): void {
    this.#next = document;
    this.#work ??= this.#takeAll().finally(() => (this.#work = undefined));
  }

  /** Asks the live runtime; asks again when the phase changed meanwhile, so that both speak of one moment. */
  async status(): Promise<HostStatus> {
    const { phase } = this.#options.store.state;
    const revision = await this.#keeper.current?.running();
    if (phase !== this.#options.store.state.phase) return this.status();
    const running = this.#known.get(revision ?? '') ?? null;
    return {
      phase,
      running,
      versions: this.#versions,
      ...(this.#trouble === undefined ? {} : { trouble: this.#trouble }),
    };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const stopping = this.#keeper.current?.run(NOTHING, 0);
    await Promise.race([stopping, new Promise((resolve) => setTimeout(resolve, FAREWELL_MS).unref())]);
    await this.#keeper.close();
    await this.#work;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #takeAll(): Promise<void> {
    for (let document = this.#next; document !== undefined; document = this.#next) {
      this.#next = undefined;
      try {
        await this.#take(document);
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        this.#enter({ name: 'rejected', digest: digestOf(document), reason: errorLine(error) });
      }
    }
  }

  async #take(document: Uint8Array): Promise<void> {
    const { store, trusted } = this.#options;
    let digest = digestOf(document);
    let sealed: SealedRelease;
    let release: Release;
    try {
      sealed = decodeRelease(document);
      digest = sealed.digest;
      if (digest !== store.state.committed) this.#enter({ name: 'verifying', digest });
      release = openRelease(sealed, trusted, digest === store.state.committed ? 0 : store.state.version);
    } catch (error) {
      return this.#enter({ name: 'rejected', digest, reason: errorLine(error) });
    }
    if (digest === store.state.committed) return this.#confirm(sealed);
    const runner = await this.#keeper.ready(this.#closing.signal);
    const failed = this.#findFailure(digest, runner.versions);
    if (failed !== undefined) return this.#enter({ name: 'rolled_back', digest, reason: failed.reason });
    this.#enter({ name: 'staging', digest });
    store.keep(sealed);
    this.#enter({ name: 'preflight', digest });
    const unfit =
      minVersionProblem(release.manifest.minVersions, runner.versions) ?? (await runner.check(sealed.flows));
    if (this.#closing.signal.aborted) return;
    // The running flow may end the runner while it looks at another: that says nothing about this release.
    if (unfit !== undefined && runner !== this.#keeper.current) return this.#take(document);
    // Not quarantined: to look again when it comes again touches nothing, and the host may have learned a type.
    if (unfit !== undefined) return this.#enter({ name: 'rejected', digest, reason: unfit });
    await this.#try(release, sealed.flows, runner);
  }

  async #try({ digest, manifest, revision }: Release, flows: string, runner: RunnerProcess): Promise<void> {
    const { store, soakMs = 500 } = this.#options;
    const interrupted = store.state.trial?.digest === digest ? store.state.trial.interrupted : 0;
    this.#known.set(revision, { digest, version: manifest.version, revision });
    this.#enter({ name: 'trial', digest }, { trial: { digest, interrupted } });
    const problem = await runner.run(flows, soakMs);
    if (this.#closing.signal.aborted) return;
    if (problem === undefined) {
      store.commit(digest, manifest.version);
      this.#trouble = undefined;
      this.#options.log('info', `release ${manifest.version} of "${manifest.name}" is committed`);
      return this.#options.changed();
    }
    this.#rollBack(digest, problem, software(runner.versions));
    // A runner that died is followed by one that restores the committed release by itself.
    if (runner === this.#keeper.current) await this.#restore(runner);
    else await this.#keeper.ready(this.#closing.signal);
    this.#options.changed();
  }

  /** The release that is committed already came again: heals its file, should that be damaged. */
  async #confirm(sealed: SealedRelease): Promise<void> {
    const { store, trusted } = this.#options;
    try {
      openRelease(store.read(sealed.digest), trusted);
    } catch {
      const runner = await this.#keeper.ready(this.#closing.signal);
      store.keep(sealed);
      await this.#restore(runner);
    }
    this.#enter({ name: 'committed', digest: sealed.digest });
  }

  /** Runs the committed release, or the one before it when its file is damaged, or nothing. */
  async #restore(runner: RunnerProcess): Promise<void> {
    this.#versions = runner.versions;
    const { committed, previous } = this.#options.store.state;
    const troubles: string[] = [];
    const found = [committed, previous]
      .map((digest) => this.#findRelease(digest, troubles))
      .find((text) => text !== undefined);
    // Whoever asks what runs may hear of it before we do: why it is the one before is known by then.
    this.#trouble = troubles.join('; ') || this.#options.store.damage;
    const problem = await runner.run(found ?? NOTHING, 0);
    if (this.#closing.signal.aborted) return;
    if (problem !== undefined) this.#trouble = [...troubles, problem].join('; ');
    if (this.#trouble !== undefined) this.#options.log('error', this.#trouble);
    this.#options.changed();
  }

  #findRelease(digest: string | null, troubles: string[]): string | undefined {
    if (digest === null) return undefined;
    try {
      const sealed = this.#options.store.read(digest);
      const { manifest, revision } = openRelease(sealed, this.#options.trusted);
      this.#known.set(revision, { digest, version: manifest.version, revision });
      return sealed.flows;
    } catch (error) {
      troubles.push(errorLine(error));
      return undefined;
    }
  }

  /** A trial the supervisor did not live to end is no verdict; many of them are. */
  #settleInterrupted(): void {
    const { store } = this.#options;
    const { trial, phase } = store.state;
    if (trial !== null && trial.interrupted + 1 >= MAX_INTERRUPTIONS) {
      const reason = `the supervisor ended ${MAX_INTERRUPTIONS} times while it was tried`;
      this.#rollBack(trial.digest, reason, '');
    } else if (trial !== null) {
      store.save({
        trial: { ...trial, interrupted: trial.interrupted + 1 },
        phase: { name: 'fetching', digest: trial.digest },
      });
    } else if (phase.name === 'verifying' || phase.name === 'staging' || phase.name === 'preflight') {
      store.save({ phase: { name: 'fetching', digest: phase.digest } });
    }
  }

  #findFailure(digest: string, versions: Versions): Quarantined | undefined {
    const isSame = (entry: Quarantined): boolean => entry.software === '' || entry.software === software(versions);
    return this.#options.store.state.quarantined.find((entry) => entry.digest === digest && isSame(entry));
  }

  #rollBack(digest: string, reason: string, software: string): void {
    const entry = { digest, reason, software, at: Date.now() };
    const others = this.#options.store.state.quarantined.filter((known) => known.digest !== digest);
    const quarantined = [entry, ...others].slice(0, MAX_QUARANTINED);
    this.#enter({ name: 'rolled_back', digest, reason }, { trial: null, quarantined });
  }

  /** On disk in one step, then told. */
  #enter(phase: Phase, more: Partial<StoreState> = {}): void {
    const { store } = this.#options;
    const isNews = JSON.stringify({ ...store.state, ...more, phase }) !== JSON.stringify(store.state);
    if (isNews) store.save({ ...more, phase });
    if ('reason' in phase) this.#options.log('error', `${phase.name.replace('_', ' ')}: ${phase.reason}`);
    this.#options.changed();
  }
}

function software({ chartwire, nodeRed, node }: Versions): string {
  return `chartwire/${chartwire} node-red/${nodeRed} node/${node}`;
}
