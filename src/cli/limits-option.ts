import { limitsOf, namedLimitProblem, type Limits } from '../app/limits.ts';
import { brokerLimitProblem, type BrokerLimits } from '../broker/broker-limits.ts';
import { Fault } from '../fault.ts';

/** Limits from words like `maxRetained=1000` and `door.maxConnections=500`. Throws COMMAND_USAGE. */
export function limitsOption(words: readonly string[], usage: string): Limits {
  return limitsOf(readLimits(words, usage, namedLimitProblem));
}

/** Those of the broker only. Throws COMMAND_USAGE. */
export function brokerLimitsOption(words: readonly string[], usage: string): BrokerLimits {
  return readLimits(words, usage, brokerLimitProblem);
}

function readLimits(
  words: readonly string[],
  usage: string,
  problemOf: (name: string, value: number) => string | undefined,
): Readonly<Record<string, number>> {
  const entries = words.map((word) => {
    const [name = '', value = ''] = word.split('=');
    const amount = value.trim() === '' ? Number.NaN : Number(value);
    const problem = problemOf(name, amount);
    if (problem !== undefined) throw new Fault('COMMAND_USAGE', { problem, usage });
    return [name, amount] as const;
  });
  return Object.fromEntries(entries);
}
