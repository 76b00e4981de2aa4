import { Fault } from '../fault.ts';

/** A value as JSON; what JSON has nothing for is empty. Throws MESSAGE_INVALID for what holds itself, or numbers JSON has not. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch (error) {
    throw new Fault('MESSAGE_INVALID', { problem: 'the payload cannot be written as JSON' }, { cause: error });
  }
}
