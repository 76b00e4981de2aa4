import { changePolicy, type Policy } from '../choose/policy.ts';
import { MAX_LOG_ENTRIES, type LogEntry, type LogStore, type Outcome } from './experiment-log.ts';
import { windowOf, type Figures, type Snapshot } from './figures.ts';
import { changeKey, propose, type Proposal } from './propose.ts';
import { judgeChange } from './verdict.ts';

/** Whoever goes by the policy: a chooser. */
export interface PolicyHolder {
  readonly policy: Policy;
  setPolicy(policy: Policy): string | undefined;
}

export interface OptimizerSettings {
  readonly holder: PolicyHolder;
  readonly store: LogStore;
  /** Asked before each change; nothing is changed while it says no. */
  readonly allowed: () => boolean;
  /** Messages each branch must carry in a window to prove something. Default 200. */
  readonly minSamples?: number;
  /** Shortest and longest window, in ms. Defaults 30,000 and 600,000. */
  readonly windowMs?: number;
  readonly longestWindowMs?: number;
  /** How long after a change nothing is measured, in ms: readings look back up to 20 s. Default 20,000. */
  readonly settleMs?: number;
  /** The wall clock, in ms since 1970, for the log. */
  readonly wallClock?: () => number;
}

/** Where an optimizer stands. */
export type OptimizerState =
  | { readonly name: 'watching' }
  | { readonly name: 'proposed'; readonly proposal: Proposal; readonly before: Figures }
  | {
      readonly name: 'trying';
      readonly proposal: Proposal;
      readonly before: Figures;
      readonly appliedVersion: number;
      readonly appliedAt: number;
    };

/** Watches readings, proposes changes of the policy, tries those it may, keeps what is better and takes back the rest. */
export interface Optimizer {
  readonly state: OptimizerState;
  /** Finished experiments, oldest first, at most 100. */
  readonly log: readonly LogEntry[];
  /** Takes a snapshot, in the order of time; resolves to the state after it, once the log is stored. Rejects as the store does. */
  take(snapshot: Snapshot): Promise<OptimizerState>;
  /** Applies what is proposed by the user's own word; returns a problem when nothing is. */
  accept(): string | undefined;
}

/** Changes taken back stay refused for this many experiments. */
const REFUSED_FOR = 10;
const MAX_SNAPSHOTS = 600;

/** Reads the log and starts watching. */
export async function openOptimizer(settings: OptimizerSettings): Promise<Optimizer> {
  const {
    holder,
    store,
    allowed,
    minSamples = 200,
    windowMs = 30_000,
    longestWindowMs = 600_000,
    settleMs = 20_000,
  } = settings;
  const wallClock = settings.wallClock ?? Date.now;
  let log = [...(await store.load())].slice(-MAX_LOG_ENTRIES);
  let state: OptimizerState = { name: 'watching' };
  let snapshots: Snapshot[] = [];
  let watchedVersion = holder.policy.version;
  let saved = Promise.resolve();

  function watch(now: Snapshot): void {
    // What was measured under another policy says nothing about this one; old news must not outweigh new.
    if (holder.policy.version !== watchedVersion) snapshots = [now];
    watchedVersion = holder.policy.version;
    snapshots = snapshots.filter(({ at }) => at >= now.at - longestWindowMs);
    const window = windowOf(snapshots);
    if (window === undefined || window.toMs - window.fromMs < windowMs) return;
    const proposal = propose(window, holder.policy, { minSamples, refused: refusedBy(log) });
    state = proposal === undefined ? { name: 'watching' } : { name: 'proposed', proposal, before: window.all };
    if (state.name === 'proposed' && allowed()) apply(now.at);
  }

  function apply(at: number): string | undefined {
    if (state.name !== 'proposed') return 'nothing is proposed';
    const { proposal, before } = state;
    const { field, from, to } = proposal.change;
    if (holder.policy[field] !== from) {
      state = { name: 'watching' };
      return `${field} was changed meanwhile`;
    }
    const problem = holder.setPolicy(changePolicy(holder.policy, { [field]: to }));
    if (problem !== undefined) return problem;
    state = { name: 'trying', proposal, before, appliedVersion: holder.policy.version, appliedAt: at };
    snapshots = [];
    return undefined;
  }

  function judge(now: Snapshot, trial: Extract<OptimizerState, { name: 'trying' }>): LogEntry | undefined {
    if (holder.policy.version !== trial.appliedVersion)
      return end(trial, 'abandoned', 'the policy was changed by someone else');
    const window = windowOf(snapshots);
    const longEnough = window !== undefined && window.toMs - window.fromMs >= windowMs;
    if (longEnough && window.all.messages >= minSamples) {
      const { keep, because } = judgeChange(trial.proposal, trial.before, window.all);
      if (!keep) takeBack(trial.proposal);
      return end(trial, keep ? 'kept' : 'reverted', because, window.all);
    }
    if (now.at - trial.appliedAt < settleMs + longestWindowMs) return undefined;
    takeBack(trial.proposal);
    return end(trial, 'abandoned', `fewer than ${minSamples} messages since the change, taken back`);
  }

  function takeBack({ change: { field, from } }: Proposal): void {
    holder.setPolicy(changePolicy(holder.policy, { [field]: from }));
  }

  function end(
    { proposal, before }: { proposal: Proposal; before: Figures },
    outcome: Outcome,
    because: string,
    after?: Figures,
  ): LogEntry {
    const endedAt = new Date(wallClock()).toISOString();
    return { endedAt, proposal, outcome, because, before, ...(after === undefined ? {} : { after }) };
  }

  return {
    get state() {
      return state;
    },
    get log() {
      return log;
    },
    async take(snapshot) {
      const settling = state.name === 'trying' && snapshot.at - state.appliedAt < settleMs;
      if (!settling) snapshots = [...snapshots, snapshot].slice(-MAX_SNAPSHOTS);
      if (state.name !== 'trying') {
        watch(snapshot);
        return state;
      }
      const entry = judge(snapshot, state);
      if (entry === undefined) return state;
      log = [...log, entry].slice(-MAX_LOG_ENTRIES);
      state = { name: 'watching' };
      snapshots = [snapshot];
      const entries = log;
      // One after the other: the store writes one file. A failed write is told to its own caller only.
      const write = saved.then(() => store.save(entries));
      saved = write.catch(() => undefined);
      await write;
      return state;
    },
    accept: () => apply(snapshots.at(-1)?.at ?? 0),
  };
}

function refusedBy(log: readonly LogEntry[]): Set<string> {
  const taken = log.slice(-REFUSED_FOR).filter(({ outcome }) => outcome !== 'kept');
  return new Set(taken.map(({ proposal }) => changeKey(proposal.change)));
}
