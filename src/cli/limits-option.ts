import { brokerLimitProblem, type BrokerLimits } from '../broker/broker-limits.ts';
import { Fault } from '../fault.ts';
import { doorLimitProblem, type DoorLimits } from '../front-door/door-limits.ts';

const DOOR = 'door.';

/** Limits of the broker from words like `maxRetained=1000`. Throws COMMAND_USAGE. */
export function brokerLimitsOption(words: readonly string[], usage: string): BrokerLimits {
  return readLimits(words, usage, brokerLimitProblem);
}

/** The same, and limits of the front door from words like `door.maxConnections=500`. Throws COMMAND_USAGE. */
export function limitsOption(
  words: readonly string[],
  usage: string,
): { readonly brokerLimits: BrokerLimits; readonly doorLimits: DoorLimits } {
  const isOfDoor = (word: string): boolean => word.startsWith(DOOR);
  const ofDoor = words.filter(isOfDoor).map((word) => word.slice(DOOR.length));
  return {
    brokerLimits: brokerLimitsOption(
      words.filter((word) => !isOfDoor(word)),
      usage,
    ),
    doorLimits: readLimits(ofDoor, usage, doorLimitProblem),
  };
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
