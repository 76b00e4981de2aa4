import type { ProtocolName } from '../endpoint/traits.ts';

/** One number of the policy. */
interface Field {
  readonly least: number;
  readonly most: number;
  readonly default: number;
  readonly whole?: true;
  readonly unit?: 'ms' | 'messages';
  readonly meaning: string;
}

const weight = (by: number, meaning: string): Field => ({ least: 0, most: 10, default: by, meaning });
const bias = (label: string): Field => ({
  least: -0.5,
  most: 0.5,
  default: 0,
  meaning: `Added to every score of ${label}.`,
});
const whole = (by: number, most: number, unit: 'ms' | 'messages', least: number, meaning: string): Field => ({
  least,
  most,
  default: by,
  whole: true,
  unit,
  meaning,
});

/** Every field of a policy: from here come its type, its defaults, its problems and its form. */
export const policyFields = {
  latencyWeight: weight(3, 'How much it counts that messages arrive well within the latency need of the device.'),
  lossWeight: weight(3, 'How much it counts that few sends of a branch have failed lately.'),
  linkWeight: weight(
    2,
    'How much it counts that a protocol copes with a bad link: few round trips, acknowledged, queued.',
  ),
  overheadWeight: weight(
    1.5,
    'How much it counts that little is sent beside the payload, by the bandwidth and class of the device.',
  ),
  batteryWeight: weight(1, 'How much it counts that a device on battery sends few bytes.'),
  pushWeight: weight(
    1.5,
    'How much it counts that a device that takes orders gets them pushed, and one that only reports keeps no session.',
  ),
  mqttBias: bias('MQTT'),
  http2Bias: bias('HTTP/2'),
  websocketBias: bias('WebSocket'),
  peerBias: bias('peer links'),
  switchMargin: {
    least: 0,
    most: 1,
    default: 0.03,
    meaning: 'How much better, in score (0 to 1), another branch must be before a device leaves its own.',
  },
  holdMs: whole(5_000, 3_600_000, 'ms', 0, 'After a change a device stays for this long while its branch is up.'),
  recoverMs: whole(
    3_000,
    3_600_000,
    'ms',
    0,
    'A branch that was down is trusted after being up this long; twice for each further time.',
  ),
  probeEvery: whole(
    50,
    1_000_000,
    'messages',
    0,
    'One message in so many may measure a branch not used lately. 0: none.',
  ),
  staleMs: whole(30_000, 3_600_000, 'ms', 0, 'A branch that carried nothing for this long is measured again.'),
  minSamples: whole(20, 1_000_000, 'messages', 1, 'A branch counts as measured after so many messages.'),
} as const satisfies Record<string, Field>;

export type PolicyField = keyof typeof policyFields;

/** What *choose* goes by. Immutable: a change makes a new one with the next version. */
export type Policy = Readonly<Record<PolicyField, number>> & { readonly version: number };

export const policyFieldNames = Object.keys(policyFields).filter(isPolicyField);

/** The default policy, version 1, with these fields changed. Ask {@link policyProblem} first. */
export function createPolicy(changes: Partial<Record<PolicyField, number>> = {}): Policy {
  const entries = policyFieldNames.map((name) => [name, changes[name] ?? policyFields[name].default] as const);
  return Object.freeze({ version: 1, ...(Object.fromEntries(entries) as Record<PolicyField, number>) });
}

/** The policy with these fields changed and the next version. */
export function changePolicy(policy: Policy, changes: Partial<Record<PolicyField, number>>): Policy {
  return Object.freeze({ ...policy, ...changes, version: policy.version + 1 });
}

/** What is wrong with a policy or with changes to one, or undefined. */
export function policyProblem(policy: unknown): string | undefined {
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy)) return 'the policy must be an object';
  for (const [name, value] of Object.entries(policy)) {
    const problem = fieldProblem(name, value);
    if (problem !== undefined) return problem;
  }
  const weights = Object.entries({ ...createPolicy(), ...policy }).filter(([name]) => name.endsWith('Weight'));
  return weights.every(([, value]) => value === 0) ? 'at least one weight must be above 0' : undefined;
}

export const biasOf = {
  mqtt: 'mqttBias',
  http2: 'http2Bias',
  websocket: 'websocketBias',
  peer: 'peerBias',
} as const satisfies Record<ProtocolName, PolicyField>;

function fieldProblem(name: string, value: unknown): string | undefined {
  const field: Field | undefined = isPolicyField(name) ? policyFields[name] : undefined;
  if (field === undefined) {
    if (name !== 'version') return `the policy has no field ${name}`;
    return Number.isSafeInteger(value) && Number(value) > 0 ? undefined : 'version must be a whole number above 0';
  }
  const { least, most } = field;
  if (typeof value !== 'number' || !(value >= least && value <= most))
    return `${name} must be a number from ${least} to ${most}`;
  return field.whole === true && !Number.isInteger(value) ? `${name} must be a whole number` : undefined;
}

function isPolicyField(name: string): name is PolicyField {
  return Object.hasOwn(policyFields, name);
}
