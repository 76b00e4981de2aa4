import { BROKER_LIMIT_RANGES, BROKER_LIMITS, type BrokerLimits } from '../broker/broker-limits.ts';
import { defaultDoorLimits, type DoorLimits, doorLimitRange } from '../front-door/door-limits.ts';
import { limitProblem, type LimitRange } from '../limit-problem.ts';

/** What others may take of this process. What is not set is the default. */
export interface Limits {
  readonly broker: BrokerLimits;
  readonly door: DoorLimits;
}

/** Before the name of a limit that is not of the broker. */
const DOOR = 'door.';
const ofDoor = Object.keys(defaultDoorLimits).map((name): [string, LimitRange] => [DOOR + name, doorLimitRange(name)]);
const names = { ...BROKER_LIMITS, ...Object.fromEntries(ofDoor) };
const ranges: Readonly<Record<string, LimitRange>> = { ...BROKER_LIMIT_RANGES, ...Object.fromEntries(ofDoor) };

/** Why a limit, `maxRetained` or `door.idleMs`, cannot be set so. */
export function namedLimitProblem(name: string, value: unknown): string | undefined {
  return limitProblem(names, name, value, ranges[name]);
}

/** Limits by name, each without a problem, sorted by what they are of. */
export function limitsOf(named: Readonly<Record<string, number>>): Limits {
  const entries = Object.entries(named);
  return {
    broker: Object.fromEntries(entries.filter(([name]) => !name.startsWith(DOOR))),
    door: Object.fromEntries(
      entries.filter(([name]) => name.startsWith(DOOR)).map(([name, value]) => [name.slice(DOOR.length), value]),
    ),
  };
}
