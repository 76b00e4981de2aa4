import type { DeviceProfile } from '../devices/device-profile.ts';
import type { Branch } from './branch.ts';
import { createBranchMemory, type BranchMemory } from './branch-memory.ts';
import { choose, type Choice, type Chosen } from './choose.ts';
import { createPolicy, policyProblem, type Policy } from './policy.ts';
import { cut, figure, labelOf } from './reason.ts';

export interface ChooserSettings {
  readonly policy?: Policy;
  /** Devices whose branch is remembered; the one silent for longest goes first. Default 10,000. */
  readonly maxDevices?: number;
  /** A clock in ms that never goes back. */
  readonly now?: () => number;
}

/** Chooses a branch for each message and remembers what each device uses. */
export interface Chooser {
  choose(device: DeviceProfile, branches: readonly Branch[]): Choice;
  readonly policy: Policy;
  /** Goes by this policy from the next message on, wholly or, when it returns a problem, not at all. */
  setPolicy(policy: Policy): string | undefined;
}

interface Used {
  readonly label: string;
  readonly since: number;
}

export function createChooser(settings: ChooserSettings = {}): Chooser {
  const { maxDevices = 10_000, now = () => performance.now() } = settings;
  const memory = createBranchMemory(now);
  const used = new Map<string, Used>();
  let policy = settings.policy ?? createPolicy();
  let sinceProbe = 0;

  function remember(device: DeviceProfile, label: string, before: Used | undefined): void {
    // The first choice holds nobody: it went by estimates.
    const since = before === undefined ? -Infinity : now();
    used.delete(device.id);
    used.set(device.id, before?.label === label ? before : { label, since });
    if (used.size <= maxDevices) return;
    const [silent] = used.keys();
    if (silent !== undefined) used.delete(silent);
  }

  return {
    choose(device, branches) {
      const seen = memory.see(branches, policy);
      const before = used.get(device.id);
      const choice = choose(device, seen.branches, policy, {
        justBack: seen.justBack,
        ...(before === undefined ? {} : { current: before.label, held: now() - before.since < policy.holdMs }),
      });
      if (choice.index === undefined) return choice;
      const branch = branches[choice.index];
      if (branch !== undefined) remember(device, branch.label, before);
      sinceProbe += 1;
      // Stays due until a device comes that can do it.
      const probe =
        policy.probeEvery > 0 && sinceProbe >= policy.probeEvery
          ? probeOf(choice, branches, policy, memory)
          : undefined;
      if (probe === undefined) return choice;
      sinceProbe = 0;
      return probe;
    },
    get policy() {
      return policy;
    },
    setPolicy(next) {
      const problem = policyProblem(next);
      if (problem === undefined) policy = Object.freeze({ ...createPolicy(), ...next });
      return problem;
    },
  };
}

/** The same choice, but by the branch that most needs measuring; undefined when none does. */
function probeOf(
  choice: Chosen,
  branches: readonly Branch[],
  policy: Policy,
  memory: BranchMemory,
): Chosen | undefined {
  const open = branches.flatMap((branch, index) => {
    const { reading } = branch;
    if (index === choice.index || reading === undefined || choice.scores[index]?.excluded !== undefined) return [];
    const samples = Math.max(reading.received, reading.sent - reading.failed);
    return [{ branch, index, samples, idleMs: memory.idleMs(branch.label) }];
  });
  const [unmeasured] = open.filter(({ samples }) => samples < policy.minSamples).sort((a, b) => a.samples - b.samples);
  const [stale] = open.filter(({ idleMs }) => idleMs >= policy.staleMs).sort((a, b) => b.idleMs - a.idleMs);
  const found = unmeasured ?? stale;
  if (found === undefined) return undefined;
  const why = unmeasured === undefined ? `unused for ${figure(found.idleMs / 1000)} s` : 'not measured yet';
  const reason = cut(`probe of ${labelOf(found.branch)}: ${why} (1 in ${policy.probeEvery})`);
  return { ...choice, index: found.index, reason, probe: true };
}
