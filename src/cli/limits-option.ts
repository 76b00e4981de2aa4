import { BROKER_LIMITS, type BrokerLimits } from '../broker/broker-limits.ts';
import { Fault } from '../fault.ts';

/** Limits of the broker from words like `maxRetained=1000`. Throws COMMAND_USAGE. */
export function limitsOption(words: readonly string[], usage: string): BrokerLimits {
  const entries = words.map((word) => {
    const [name = '', value = ''] = word.split('=');
    const amount = Number(value);
    if (!Object.hasOwn(BROKER_LIMITS, name) || value === '' || !Number.isInteger(amount) || amount < 0) {
      const problem = `"${word}" is no limit; there are ${Object.keys(BROKER_LIMITS).join(', ')}`;
      throw new Fault('COMMAND_USAGE', { problem, usage });
    }
    return [name, amount] as const;
  });
  return Object.fromEntries(entries);
}
