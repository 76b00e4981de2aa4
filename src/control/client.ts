import { Fault } from '../fault.ts';
import { findControlAddress } from './control-file.ts';

/** Asks the process that runs on this home. Throws NOT_RUNNING when none does, CONTROL_FAILED with its own words otherwise. */
export async function askControl(home: string, action: string, body?: unknown): Promise<unknown> {
  const address = await findControlAddress(home);
  if (address === undefined) throw new Fault('NOT_RUNNING', { home });
  let response: Response;
  try {
    response = await fetch(`${address.url}/${action}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${address.token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  } catch (error) {
    // A killed process leaves its file behind.
    throw new Fault('NOT_RUNNING', { home }, { cause: error });
  }
  const answer: unknown = await response.json();
  if (!response.ok) throw new Fault('CONTROL_FAILED', { answer: wordsOf(answer) });
  return answer;
}

function wordsOf(answer: unknown): string {
  return typeof answer === 'object' && answer !== null && 'error' in answer
    ? String(answer.error)
    : JSON.stringify(answer);
}
