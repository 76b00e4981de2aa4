import type { LabelType } from '../../../../src/chart/parse/syntax.ts';
import { plainText } from '../../../../src/chart/profile/plain-text.ts';
import type { Size } from './drawing.ts';

const BREAK = /<br\s*\/?>|\\n|\r?\n/gi;
/** Where Mermaid breaks a label. */
const WIDEST_PX = 200;
/** A label that says more is cut: a picture is no place for a book. */
const MOST_LINES = 12;
const CHARACTER_PX = 7.5;
export const LINE_PX = 18;

/** The lines of a label as people read them: markup and Markdown are gone, line breaks kept, long lines broken between words. */
export function labelLines(text: string, type: LabelType): string[] {
  const lines = text
    .split(BREAK)
    .flatMap((line) => wrapped(plainText(line, type)))
    .filter((line, _, all) => line !== '' || all.length > 1);
  return lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES - 1), '…'] : lines;
}

/** How much room the lines take. Figured, not measured, so that a picture is the same everywhere. */
export function labelSize(lines: readonly string[]): Size {
  return { width: Math.max(0, ...lines.map(widthOf)), height: lines.length * LINE_PX };
}

function wrapped(line: string): string[] {
  if (widthOf(line) <= WIDEST_PX) return [line];
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ').flatMap(pieces)) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (current !== '' && widthOf(longer) > WIDEST_PX) {
      lines.push(current);
      current = word;
    } else current = longer;
  }
  return [...lines, current];
}

/** A word wider than a line, and scripts that are written without spaces. */
function pieces(word: string): string[] {
  if (widthOf(word) <= WIDEST_PX) return [word];
  const cut: string[] = [''];
  for (const character of word) {
    if (widthOf(`${cut.at(-1)}${character}`) > WIDEST_PX) cut.push(character);
    else cut[cut.length - 1] += character;
  }
  return cut;
}

/** Wide scripts and emoji take about two places of a Latin letter. */
function widthOf(line: string): number {
  let places = 0;
  for (const character of line) places += (character.codePointAt(0) ?? 0) >= 0x1100 ? 2 : 1;
  return places * CHARACTER_PX;
}
