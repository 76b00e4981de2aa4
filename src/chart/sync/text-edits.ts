import type { Span } from '../parse/span.ts';

/** `text` instead of what stands from `start` to `end`. */
export interface TextEdit extends Span {
  readonly text: string;
}

/** Makes all edits at once; their places are those in `text`, in any order, none inside another. */
export function applyTextEdits(text: string, edits: readonly TextEdit[]): string {
  const sorted = edits.map((edit, index) => ({ ...edit, index }));
  sorted.sort((a, b) => a.start - b.start || a.end - b.end || a.index - b.index);
  let result = '';
  let at = 0;
  for (const edit of sorted) {
    result += text.slice(at, edit.start) + edit.text;
    at = Math.max(at, edit.end);
  }
  return result + text.slice(at);
}

/** The edits that make one text of another, line by line, and in a changed line only what is different. */
export function textEditsBetween(before: string, after: string): TextEdit[] {
  const [old, young] = [linesOf(before), linesOf(after)];
  const edits: TextEdit[] = [];
  let [start, line, other] = [0, 0, 0];
  while (line < old.length || other < young.length) {
    if (line < old.length && old[line] === young[other]) {
      start += old[line]?.length ?? 0;
      line += 1;
      other += 1;
      continue;
    }
    const [nextLine, nextOther] = meeting(old, young, line, other);
    const gone = old.slice(line, nextLine).join('');
    const come = young.slice(other, nextOther).join('');
    edits.push(trimmed(start, gone, come));
    start += gone.length;
    line = nextLine;
    other = nextOther;
  }
  return edits;
}

const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** How many lines ahead two versions are looked at for a line they share. */
const LOOK_AHEAD = 400;

/** The nearest lines at which two versions are the same again. */
function meeting(old: readonly string[], young: readonly string[], line: number, other: number): [number, number] {
  const places = new Map<string, number>();
  for (let at = other; at < Math.min(young.length, other + LOOK_AHEAD); at += 1) {
    const text = young[at] ?? '';
    if (!places.has(text)) places.set(text, at);
  }
  let best: [number, number] | undefined;
  for (let at = line; at < Math.min(old.length, line + LOOK_AHEAD); at += 1) {
    const place = places.get(old[at] ?? '');
    if (place === undefined) continue;
    if (!best || at - line + place - other < best[0] - line + best[1] - other) best = [at, place];
  }
  return best ?? [old.length, young.length];
}

function trimmed(start: number, gone: string, come: string): TextEdit {
  const most = Math.min(gone.length, come.length);
  let head = 0;
  while (head < most && gone[head] === come[head]) head += 1;
  let tail = 0;
  while (tail < most - head && gone.at(-1 - tail) === come.at(-1 - tail)) tail += 1;
  return { start: start + head, end: start + gone.length - tail, text: come.slice(head, come.length - tail) };
}
