import { word } from './words.ts';

/** Why the runtime refused what the editor asked, in its own words where it has any. */
export function refusal(status: number, answer: unknown): string {
  const told = typeof answer === 'object' && answer !== null && 'message' in answer;
  if (!told) return `${word('problem.failed')} (${status})`;
  const code = 'code' in answer ? `${String(answer.code)}: ` : '';
  const next = 'next' in answer ? `; ${String(answer.next)}` : '';
  return `${code}${String(answer.message)}${next}`;
}
