/** How a wire runs on the canvas: its length and its middle, in pixels. */
export interface Course {
  readonly length: number;
  readonly x: number;
  readonly y: number;
}

/** What is to be written at a wire, the most important first. */
export interface WireFigures extends Course {
  readonly parts: readonly string[];
}

export interface LabelLine {
  readonly text: string;
  readonly x: number;
  /** Of the letters' foot. */
  readonly y: number;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const ABOVE_PX = 5;
const LINE_PX = 11;
const LETTER_PX = 9;
const CHARACTER_PX = 5.2;

/**
 * The lines at each wire: one above a long wire; at a short one the first figure above it and a line for each other below. The last
 * line is left out where it would lie on the label of another wire.
 */
export function wireLabels(wires: readonly WireFigures[]): LabelLine[][] {
  const labels = wires.map(linesAt);
  const boxes = labels.map((lines) => boxOf(lines.length > 2 ? lines.slice(0, -1) : lines));
  return labels.map((lines, own) => {
    if (lines.length <= 2) return lines;
    const last = boxOf(lines.slice(-1));
    if (boxes.some((box, other) => other !== own && overlap(box, last))) return lines.slice(0, -1);
    boxes[own] = boxOf(lines);
    return lines;
  });
}

function linesAt({ parts, length, x, y }: WireFigures): LabelLine[] {
  const whole = parts.join(' · ');
  const texts = whole.length * CHARACTER_PX < length ? [whole] : parts;
  return texts.map((text, at) => ({ text, x, y: at === 0 ? y - ABOVE_PX : y + at * LINE_PX }));
}

function boxOf(lines: readonly LabelLine[]): Box {
  const half = (Math.max(...lines.map(({ text }) => text.length)) * CHARACTER_PX) / 2;
  const [feet, x] = [lines.map(({ y }) => y), lines[0]?.x ?? 0];
  return { left: x - half, right: x + half, top: Math.min(...feet) - LETTER_PX, bottom: Math.max(...feet) };
}

const overlap = (one: Box, other: Box): boolean =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
