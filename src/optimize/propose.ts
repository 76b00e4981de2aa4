import { biasOf, policyFields, type Policy, type PolicyField } from '../choose/policy.ts';
import type { BranchFigures, Measure, Window } from './figures.ts';
import { measureText } from './measure-text.ts';

/** One change of the policy, with the evidence for it. */
export interface Proposal {
  readonly change: { readonly field: PolicyField; readonly from: number; readonly to: number };
  /** A sentence with figures. */
  readonly because: string;
  /** What it is to better: the figure of all branches now, and what is at best to be had. */
  readonly expected: { readonly measure: Measure; readonly from: number; readonly to: number };
}

export interface Evidence {
  /** A branch with fewer messages in the window proves nothing. Default 200. */
  readonly minSamples?: number;
  /** Changes not to be proposed again, as {@link changeKey} names them. */
  readonly refused?: ReadonlySet<string>;
}

/** The most telling change of the policy these figures speak for; undefined when they speak for none. */
export function propose(
  window: Window,
  policy: Policy,
  { minSamples = 200, refused }: Evidence = {},
): Proposal | undefined {
  const branches = window.branches.filter(({ messages }) => messages >= minSamples);
  const proposals = rules.flatMap((rule) => applyRule(rule, branches, window, policy));
  return proposals.find(({ change }) => refused?.has(changeKey(change)) !== true);
}

/** Names a change by field and direction: `latencyWeight up`. */
export function changeKey({ field, from, to }: Proposal['change']): string {
  return `${field} ${to > from ? 'up' : 'down'}`;
}

/** When two branches differ so much in a measure, its weight is too small. */
interface Rule {
  readonly measure: Exclude<Measure, 'p50Ms'>;
  readonly field: PolicyField;
  /** The worse must be so many times the better, and so much more. */
  readonly times: number;
  readonly more: number;
}

/** The most harmful first. */
const rules: readonly Rule[] = [
  { measure: 'lossRatio', field: 'lossWeight', times: 2, more: 0.01 },
  { measure: 'p99Ms', field: 'latencyWeight', times: 2, more: 1 },
  { measure: 'bytesPerMessage', field: 'overheadWeight', times: 1.5, more: 32 },
];

const WEIGHT_STEP = 1.5;
const BIAS_STEP = 0.05;

function applyRule(rule: Rule, branches: readonly BranchFigures[], { all }: Window, policy: Policy): Proposal[] {
  const { measure, field } = rule;
  const known = branches
    .filter((branch) => measure !== 'p99Ms' || branch.p99Ms > 0)
    .sort((a, b) => a[measure] - b[measure]);
  const [best] = known;
  const worst = known.at(-1);
  if (best === undefined || worst === undefined || best === worst) return [];
  if (worst[measure] < best[measure] * rule.times || worst[measure] - best[measure] < rule.more) return [];
  const gain = ((worst[measure] - best[measure]) * worst.messages) / all.messages;
  const expected = { measure, from: all[measure], to: Math.max(best[measure], all[measure] - gain) };
  const because = becauseOf(measure, worst, best);
  const bias = biasOf[worst.protocol];
  return [
    // From 0 no factor leads anywhere.
    { field, from: policy[field], to: policy[field] === 0 ? 1 : policy[field] * WEIGHT_STEP },
    { field: bias, from: policy[bias], to: policy[bias] - BIAS_STEP },
  ]
    .map(({ field, from, to }) => ({ field, from, to: within(field, to) }))
    .filter(({ from, to }) => from !== to)
    .map((change) => ({ change, because, expected }));
}

function becauseOf(measure: Measure, worst: BranchFigures, best: BranchFigures): string {
  const figure = ({ id, messages, [measure]: value }: BranchFigures) =>
    `${id} ${measureText(measure, value)} over ${messages} messages`;
  return `${figure(worst)}, ${figure(best)}`;
}

function within(field: PolicyField, value: number): number {
  const { least, most } = policyFields[field];
  return Number(Math.min(most, Math.max(least, value)).toFixed(3));
}
