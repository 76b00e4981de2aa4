import { LIMITS_SETTING, readLimits } from '../limits.ts';

/** The limits the runtime has; it says in its log what is wrong with them. */
export const limits = (): ReturnType<typeof readLimits>['values'] =>
  readLimits(Reflect.get(RED.settings, LIMITS_SETTING)).values;
