import { limits } from './limits.ts';
import { word } from './words.ts';

/** Why a text is not even read, or undefined. Looks no further than it must: the text may be of any size. */
export function sizeProblem(text: string): string | undefined {
  const { maxBytes, maxLines } = limits();
  // One UTF-16 unit is three bytes of UTF-8 at most.
  if (text.length > maxBytes || (text.length * 3 > maxBytes && new TextEncoder().encode(text).length > maxBytes))
    return word('problem.tooLarge', { most: `${Math.floor(maxBytes / 1024)} KiB`, limit: 'maxBytes' });
  let lines = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    lines += 1;
    if (lines > maxLines)
      return word('problem.tooLarge', { most: word('problem.lines', { count: maxLines }), limit: 'maxLines' });
  }
  return undefined;
}
