import { limitsOf, namedLimitProblem, type Limits } from '../../src/app/limits.ts';
import { Fault } from '../../src/fault.ts';
import { isRecord } from '../../src/is-record.ts';

/** The setting of Node-RED that holds limits by name. */
export const LIMITS_SETTING = 'chartwire-limits';

/** The limits somebody's own Node-RED is told. Throws SETTINGS_INVALID: one that was misspelt would protect nobody. */
export function readLimitsSetting(given: unknown): Limits {
  if (given === undefined) return limitsOf({});
  const problems = isRecord(given)
    ? Object.entries(given).flatMap(([name, value]) => namedLimitProblem(name, value) ?? [])
    : ['it takes names with numbers, like { maxRetained: 1_000 }'];
  if (problems.length === 0) return limitsOf(given as Record<string, number>);
  throw new Fault('SETTINGS_INVALID', { problems: `'${LIMITS_SETTING}' in the settings file: ${problems.join('; ')}` });
}
