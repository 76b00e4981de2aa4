import { limitProblem, type BrokerLimits } from '../broker/broker-limits.ts';
import { Fault } from '../fault.ts';

/** Limits of the broker from words like `maxRetained=1000`. Throws COMMAND_USAGE. */
export function limitsOption(words: readonly string[], usage: string): BrokerLimits {
  const entries = words.map((word) => {
    const [name = '', value = ''] = word.split('=');
    const amount = value.trim() === '' ? Number.NaN : Number(value);
    const problem = limitProblem(name, amount);
    if (problem !== undefined) throw new Fault('COMMAND_USAGE', { problem, usage });
    return [name, amount] as const;
  });
  return Object.fromEntries(entries);
}
