/** Whole numbers that a limit takes, the ends included. */
export type LimitRange = readonly [least: number, most: number];

/** Why a limit cannot be set so; `known` has every limit of its kind by name. */
export function limitProblem(known: object, name: string, value: unknown, range?: LimitRange): string | undefined {
  if (!Object.hasOwn(known, name)) return `"${name}" is no limit; there are ${Object.keys(known).join(', ')}`;
  const [least, most] = range ?? [0, Number.MAX_SAFE_INTEGER];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return undefined;
  const upTo = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  return `${name} takes a whole number ${upTo}`;
}
