import type { DeviceProfile } from '../devices/device-profile.ts';
import type { Branch } from './branch.ts';
import { judge } from './judge.ts';
import type { Policy } from './policy.ts';
import { cut, figure, labelOf, whyBest, whyNone, whyNotDown, type Judged } from './reason.ts';

export type Exclusion = 'not spoken' | 'down' | 'just back' | 'connecting';

export interface BranchScore {
  readonly label: string;
  readonly score: number;
  /** Why it was out of the question. */
  readonly excluded?: Exclusion;
}

interface Weighed {
  /** Short English sentence, at most 60 characters, for people. */
  readonly reason: string;
  /** In the order of the branches. */
  readonly scores: readonly BranchScore[];
}

export type Chosen = Weighed & { readonly index: number; readonly probe: boolean };
/** Nowhere to send to: the message must be failed with the reason. */
export type NoChoice = Weighed & { readonly index: undefined };
export type Choice = Chosen | NoChoice;

/** What was before: see `createChooser`, which keeps it. */
export interface Before {
  /** Label of the branch the device uses. */
  readonly current?: string;
  /** It changed not long ago and stays unless its branch is down. */
  readonly held?: boolean;
  /** Labels of branches that came back not long ago: used only when there is nothing else. */
  readonly justBack?: ReadonlySet<string>;
}

/** Chooses the branch for one message of a device. Pure: the same answer for the same arguments. */
export function choose(
  device: DeviceProfile,
  branches: readonly Branch[],
  policy: Policy,
  before: Before = {},
): Choice {
  const all = branches.map((branch, index) => {
    const excluded = exclusionOf(device, branch, before);
    return { branch, index, judgement: judge(device, branch, policy), excluded };
  });
  const scores = all.map(({ branch: { label }, judgement: { score }, excluded }) =>
    excluded === undefined ? { label, score } : { label, score, excluded },
  );
  const open = all.filter(({ excluded }) => excluded === undefined);
  // With nothing better, a message rather waits for a link that is being made than fails: at the start all are.
  const fallback = (['just back', 'connecting'] as const)
    .map((reason) => all.filter(({ excluded }) => excluded === reason))
    .find((some) => some.length > 0);
  const candidates = (open.length > 0 ? open : (fallback ?? [])).sort(byScore);
  const [best, next] = candidates;
  if (best === undefined) {
    const spoken = all.filter(({ excluded }) => excluded !== 'not spoken').map(({ branch }) => branch);
    return { index: undefined, reason: whyNone(spoken, device), scores };
  }
  const current = candidates.find(({ branch }) => branch.label === before.current);
  const lead = current === undefined ? 0 : best.judgement.score - current.judgement.score;
  const stays = current !== undefined && current !== best && (before.held === true || lead <= policy.switchMargin);
  const used = stays ? current : best;
  const missed = all
    .filter(({ excluded, judgement }) => isMissed(excluded) && judgement.score > used.judgement.score)
    .sort(byScore)[0];
  let reason = stays ? whyStays(current, best, before) : whyBest(device, best, next);
  if (missed !== undefined) reason = whyMissed(missed, used.branch);
  return { index: used.index, reason, scores, probe: false };
}

function exclusionOf(device: DeviceProfile, branch: Branch, { justBack }: Before): Exclusion | undefined {
  if (!device.protocols.includes(branch.protocol)) return 'not spoken';
  if (branch.reading?.state === 'connecting') return 'connecting';
  if (branch.reading !== undefined && branch.reading.state !== 'up') return 'down';
  return justBack?.has(branch.label) === true ? 'just back' : undefined;
}

/** Equal scores: the one drawn first. */
function byScore(a: Judged & { index: number }, b: Judged & { index: number }): number {
  return b.judgement.score - a.judgement.score || a.index - b.index;
}

/** The device would rather have used it. */
function isMissed(excluded: Exclusion | undefined): boolean {
  return excluded !== undefined && excluded !== 'not spoken';
}

function whyMissed({ branch, excluded }: { branch: Branch; excluded: Exclusion | undefined }, used: Branch): string {
  if (excluded === 'down') return whyNotDown(branch, used);
  if (excluded === 'connecting') return cut(`${labelOf(branch)} is connecting, using ${labelOf(used)}`);
  return cut(`${labelOf(branch)} just back, still using ${labelOf(used)}`);
}

function whyStays(current: Judged, best: Judged, { held }: Before): string {
  const label = labelOf(current.branch);
  if (held === true) return cut(`${label}: changed just now, stays for a while`);
  const lead = best.judgement.score - current.judgement.score;
  return cut(`${label}: stays, ${labelOf(best.branch)} only ${figure(lead * 100)} % better`);
}
