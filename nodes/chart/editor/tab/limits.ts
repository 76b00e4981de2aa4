import { word } from '../words.ts';

/** What may be written in the tab; a chart beyond is for the command line. Characters and lines. */
const MOST_CHARACTERS = 1024 * 1024;
const MOST_LINES = 20_000;

/** Why a text is not even read, or undefined. Looks no further than it must: the text may be of any size. */
export function sizeProblem(text: string): string | undefined {
  if (text.length > MOST_CHARACTERS) return word('tab.limit', { most: `${MOST_CHARACTERS / 1024} KiB` });
  let lines = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    lines += 1;
    if (lines > MOST_LINES) return word('tab.limit', { most: word('tab.lines', { count: MOST_LINES }) });
  }
  return undefined;
}
