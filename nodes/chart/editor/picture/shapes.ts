import type { Size } from './drawing.ts';

/** The lines of a shape around 0, 0: `outline` is filled, `lines` are not. */
export interface Outline {
  readonly outline: string;
  readonly lines?: string;
}

interface Shape {
  /** The other names Mermaid has for it. */
  readonly names: string;
  /** Room around the label; figures are shares of its size, then pixels. */
  readonly room?: (label: Size) => Size;
  readonly draw: (width: number, height: number) => Outline;
}

const rect = (w: number, h: number): string => `M${-w / 2} ${-h / 2}h${w}v${h}h${-w}z`;
const round = (w: number, h: number, r: number): string =>
  `M${-w / 2 + r} ${-h / 2}h${w - 2 * r}a${r} ${r} 0 0 1 ${r} ${r}v${h - 2 * r}a${r} ${r} 0 0 1 ${-r} ${r}h${2 * r - w}a${r} ${r} 0 0 1 ${-r} ${-r}v${2 * r - h}a${r} ${r} 0 0 1 ${r} ${-r}z`;
const ellipse = (w: number, h: number): string =>
  `M${-w / 2} 0a${w / 2} ${h / 2} 0 1 0 ${w} 0a${w / 2} ${h / 2} 0 1 0 ${-w} 0z`;
/** Corners as shares of half the size. */
const polygon = (w: number, h: number, ...corners: [number, number][]): string =>
  `M${corners.map(([x, y]) => `${(x * w) / 2} ${(y * h) / 2}`).join('L')}z`;
const wave = (w: number, h: number, left = -w / 2): string =>
  `M${left} ${-h / 2}h${w}v${h - 8}q${-w / 4} -8 ${-w / 2} 0t${-w / 2} 0z`;
const square = ({ width, height }: Size): Size => {
  const side = Math.hypot(width, height) + 16;
  return { width: side, height: side };
};
const small = (): Size => ({ width: 16, height: 16 });
const sloped = ({ width, height }: Size): Size => ({ width: width + 48 + height / 2, height: height + 18 });
const slope = (w: number, h: number): number => Math.min(0.4, h / w);

const SHAPES: Readonly<Record<string, Shape>> = {
  rect: { names: 'square rectangle proc process squareRect labelRect', draw: (w, h) => ({ outline: rect(w, h) }) },
  round: { names: 'rounded event', draw: (w, h) => ({ outline: round(w, h, 6) }) },
  stadium: { names: 'terminal pill', draw: (w, h) => ({ outline: round(w, h, h / 2) }) },
  subroutine: {
    names: 'fr-rect framed-rectangle subproc subprocess',
    draw: (w, h) => ({ outline: rect(w, h), lines: `M${-w / 2 + 8} ${-h / 2}v${h}M${w / 2 - 8} ${-h / 2}v${h}` }),
  },
  cylinder: {
    names: 'cyl database db data-store datastore disk lin-cyl lined-cylinder',
    room: ({ width, height }) => ({ width: width + 24, height: height + 34 }),
    draw: (w, h) => ({
      outline: `M${-w / 2} ${-h / 2 + 7}a${w / 2} 7 0 0 1 ${w} 0v${h - 14}a${w / 2} 7 0 0 1 ${-w} 0z`,
      lines: `M${-w / 2} ${-h / 2 + 7}a${w / 2} 7 0 0 0 ${w} 0`,
    }),
  },
  das: {
    names: 'h-cyl horizontal-cylinder',
    room: ({ width, height }) => ({ width: width + 44, height: height + 18 }),
    draw: (w, h) => ({
      outline: `M${-w / 2 + 7} ${-h / 2}h${w - 14}a7 ${h / 2} 0 0 1 0 ${h}h${14 - w}a7 ${h / 2} 0 0 1 0 ${-h}z`,
      lines: `M${w / 2 - 7} ${-h / 2}a7 ${h / 2} 0 0 0 0 ${h}`,
    }),
  },
  circle: { names: 'circ', room: square, draw: (w, h) => ({ outline: ellipse(w, h) }) },
  doublecircle: {
    names: 'dbl-circ double-circle',
    room: square,
    draw: (w, h) => ({ outline: ellipse(w, h), lines: ellipse(w - 8, h - 8) }),
  },
  ellipse: {
    names: '',
    room: ({ width, height }) => ({ width: width * 1.3 + 20, height: height * 1.3 + 14 }),
    draw: (w, h) => ({ outline: ellipse(w, h) }),
  },
  diamond: {
    names: 'diam decision question',
    room: ({ width, height }) => ({ width: width * 1.25 + height + 20, height: height * 1.6 + width * 0.25 + 14 }),
    draw: (w, h) => ({ outline: polygon(w, h, [0, -1], [1, 0], [0, 1], [-1, 0]) }),
  },
  hexagon: {
    names: 'hex prepare',
    room: sloped,
    draw: (w, h) => ({
      outline: polygon(
        w,
        h,
        [-1 + slope(w, h), -1],
        [1 - slope(w, h), -1],
        [1, 0],
        [1 - slope(w, h), 1],
        [-1 + slope(w, h), 1],
        [-1, 0],
      ),
    }),
  },
  odd: {
    names: 'rect_left_inv_arrow',
    room: sloped,
    draw: (w, h) => ({ outline: polygon(w, h, [-1, -1], [1, -1], [1, 1], [-1, 1], [-1 + slope(w, h), 0]) }),
  },
  lean_right: {
    names: 'lean-r lean-right in-out',
    room: sloped,
    draw: (w, h) => ({ outline: polygon(w, h, [-1 + slope(w, h), -1], [1, -1], [1 - slope(w, h), 1], [-1, 1]) }),
  },
  lean_left: {
    names: 'lean-l lean-left out-in',
    room: sloped,
    draw: (w, h) => ({ outline: polygon(w, h, [-1, -1], [1 - slope(w, h), -1], [1, 1], [-1 + slope(w, h), 1]) }),
  },
  trapezoid: {
    names: 'trap-b priority trapezoid-bottom',
    room: sloped,
    draw: (w, h) => ({ outline: polygon(w, h, [-1 + slope(w, h), -1], [1 - slope(w, h), -1], [1, 1], [-1, 1]) }),
  },
  inv_trapezoid: {
    names: 'trap-t manual trapezoid-top inv-trapezoid',
    room: sloped,
    draw: (w, h) => ({ outline: polygon(w, h, [-1, -1], [1, -1], [1 - slope(w, h), 1], [-1 + slope(w, h), 1]) }),
  },
  'notch-rect': {
    names: 'card notched-rectangle',
    draw: (w, h) => ({ outline: `M${-w / 2 + 12} ${-h / 2}H${w / 2}V${h / 2}H${-w / 2}V${-h / 2 + 12}z` }),
  },
  'lin-rect': {
    names: 'lined-rectangle lined-process lin-proc shaded-process',
    draw: (w, h) => ({ outline: rect(w, h), lines: `M${-w / 2 + 8} ${-h / 2}v${h}` }),
  },
  'div-rect': {
    names: 'div-proc divided-process divided-rectangle',
    draw: (w, h) => ({ outline: rect(w, h), lines: `M${-w / 2} ${-h / 2 + 8}h${w}` }),
  },
  'win-pane': {
    names: 'window-pane internal-storage',
    draw: (w, h) => ({ outline: rect(w, h), lines: `M${-w / 2} ${-h / 2 + 6}h${w}M${-w / 2 + 6} ${-h / 2}v${h}` }),
  },
  'st-rect': {
    names: 'procs processes stacked-rectangle',
    room: ({ width, height }) => ({ width: width + 40, height: height + 28 }),
    draw: (w, h) => ({
      outline: `M${-w / 2} ${-h / 2 + 8}h4v-4h4v-4h${w - 8}v${h - 8}h-4v4h-4v4h${8 - w}z`,
      lines: `M${-w / 2 + 4} ${-h / 2 + 8}h${w - 8}v${h - 12}M${-w / 2 + 8} ${-h / 2 + 4}h${w - 12}v${h - 12}`,
    }),
  },
  'tag-rect': {
    names: 'tagged-rectangle tag-proc tagged-process',
    draw: (w, h) => ({ outline: rect(w, h), lines: `M${w / 2 - 12} ${h / 2}l12 -12` }),
  },
  doc: {
    names: 'document',
    room: ({ width, height }) => ({ width: width + 32, height: height + 30 }),
    draw: (w, h) => ({ outline: wave(w, h) }),
  },
  'lin-doc': {
    names: 'lined-document',
    room: ({ width, height }) => ({ width: width + 44, height: height + 30 }),
    draw: (w, h) => ({ outline: wave(w, h), lines: `M${-w / 2 + 8} ${-h / 2}v${h - 6}` }),
  },
  docs: {
    names: 'documents st-doc stacked-document',
    room: ({ width, height }) => ({ width: width + 40, height: height + 36 }),
    draw: (w, h) => ({ outline: wave(w - 6, h, -w / 2), lines: `M${-w / 2 + 6} ${-h / 2}v-4h${w - 6}v${h - 12}h-4` }),
  },
  'tag-doc': {
    names: 'tagged-document',
    room: ({ width, height }) => ({ width: width + 32, height: height + 30 }),
    draw: (w, h) => ({ outline: wave(w, h), lines: `M${w / 2 - 12} ${h / 2 - 4}L${w / 2} ${h / 2 - 20}` }),
  },
  flag: {
    names: 'paper-tape',
    room: ({ width, height }) => ({ width: width + 32, height: height + 36 }),
    draw: (w, h) => ({
      outline: `M${-w / 2} ${-h / 2 + 4}q${w / 4} 8 ${w / 2} 0t${w / 2} 0v${h - 8}q${-w / 4} -8 ${-w / 2} 0t${-w / 2} 0z`,
    }),
  },
  'bow-rect': {
    names: 'stored-data bow-tie-rectangle',
    room: sloped,
    draw: (w, h) => ({
      outline: `M${-w / 2 + 8} ${-h / 2}H${w / 2}a8 ${h / 2} 0 0 0 0 ${h}H${-w / 2 + 8}a8 ${h / 2} 0 0 1 0 ${-h}z`,
    }),
  },
  delay: {
    names: 'half-rounded-rectangle',
    draw: (w, h) => ({ outline: `M${-w / 2} ${-h / 2}h${w - h / 2}a${h / 2} ${h / 2} 0 0 1 0 ${h}h${h / 2 - w}z` }),
  },
  'curv-trap': {
    names: 'curved-trapezoid display',
    room: sloped,
    draw: (w, h) => ({
      outline: `M${-w / 2} 0l14 ${-h / 2}h${w - 14 - h / 2}a${h / 2} ${h / 2} 0 0 1 0 ${h}h${14 + h / 2 - w}z`,
    }),
  },
  'sl-rect': {
    names: 'manual-input sloped-rectangle',
    room: ({ width, height }) => ({ width: width + 32, height: height + 34 }),
    draw: (w, h) => ({ outline: `M${-w / 2} ${-h / 2 + 12}L${w / 2} ${-h / 2}V${h / 2}H${-w / 2}z` }),
  },
  'notch-pent': {
    names: 'loop-limit notched-pentagon',
    room: ({ width, height }) => ({ width: width + 40, height: height + 24 }),
    draw: (w, h) => ({ outline: `M${-w / 2 + 12} ${-h / 2}h${w - 24}l12 10V${h / 2}H${-w / 2}V${-h / 2 + 10}z` }),
  },
  tri: {
    names: 'triangle extract',
    room: ({ width, height }) => ({ width: width * 1.6 + 30, height: height * 2 + width * 0.4 }),
    draw: (w, h) => ({ outline: polygon(w, h, [0, -1], [1, 1], [-1, 1]) }),
  },
  'flip-tri': {
    names: 'flipped-triangle manual-file',
    room: ({ width, height }) => ({ width: width * 1.6 + 30, height: height * 2 + width * 0.4 }),
    draw: (w, h) => ({ outline: polygon(w, h, [-1, -1], [1, -1], [0, 1]) }),
  },
  hourglass: {
    names: 'collate',
    room: () => ({ width: 30, height: 36 }),
    draw: (w, h) => ({ outline: polygon(w, h, [-1, -1], [1, -1], [-1, 1], [1, 1]) }),
  },
  bolt: {
    names: 'com-link lightning-bolt',
    room: () => ({ width: 30, height: 40 }),
    draw: (w, h) => ({ outline: polygon(w, h, [0.4, -1], [-0.8, 0.2], [0, 0.2], [-0.4, 1], [0.8, -0.2], [0, -0.2]) }),
  },
  brace: {
    names: 'comment brace-l',
    draw: (w, h) => ({
      outline: '',
      lines: `M${-w / 2 + 8} ${-h / 2}q-6 0 -6 6V-4q0 4 -4 4q4 0 4 4V${h / 2 - 6}q0 6 6 6`,
    }),
  },
  'brace-r': {
    names: '',
    draw: (w, h) => ({
      outline: '',
      lines: `M${w / 2 - 8} ${-h / 2}q6 0 6 6V-4q0 4 4 4q-4 0 -4 4V${h / 2 - 6}q0 6 -6 6`,
    }),
  },
  braces: {
    names: '',
    draw: (w, h) => ({
      outline: '',
      lines: `M${-w / 2 + 8} ${-h / 2}q-6 0 -6 6V-4q0 4 -4 4q4 0 4 4V${h / 2 - 6}q0 6 6 6M${w / 2 - 8} ${-h / 2}q6 0 6 6V-4q0 4 4 4q-4 0 -4 4V${h / 2 - 6}q0 6 -6 6`,
    }),
  },
  'sm-circ': { names: 'small-circle start', room: small, draw: (w, h) => ({ outline: ellipse(w, h) }) },
  'f-circ': {
    names: 'filled-circle junction',
    room: small,
    draw: (w, h) => ({ outline: ellipse(w, h), lines: ellipse(w / 2, h / 2) }),
  },
  'fr-circ': {
    names: 'framed-circle stop',
    room: small,
    draw: (w, h) => ({ outline: ellipse(w, h), lines: ellipse(w - 6, h - 6) }),
  },
  choice: {
    names: 'state',
    room: () => ({ width: 28, height: 28 }),
    draw: (w, h) => ({ outline: polygon(w, h, [0, -1], [1, 0], [0, 1], [-1, 0]) }),
  },
  'cross-circ': {
    names: 'crossed-circle summary',
    room: () => ({ width: 36, height: 36 }),
    draw: (w, h) => ({
      outline: ellipse(w, h),
      lines: `M${-w / 2.83} ${-h / 2.83}L${w / 2.83} ${h / 2.83}M${w / 2.83} ${-h / 2.83}L${-w / 2.83} ${h / 2.83}`,
    }),
  },
  fork: { names: 'join', room: () => ({ width: 70, height: 10 }), draw: (w, h) => ({ outline: rect(w, h) }) },
  cloud: {
    names: '',
    room: ({ width, height }) => ({ width: width * 1.2 + 40, height: height + 44 }),
    draw: (w, h) => ({
      outline: `M${-w * 0.36} ${h / 2}a${w * 0.14} ${h * 0.28} 0 0 1 ${-w * 0.04} ${-h * 0.55}a${w * 0.2} ${h * 0.32} 0 0 1 ${w * 0.36} ${-h * 0.32}a${w * 0.19} ${h * 0.3} 0 0 1 ${w * 0.34} ${h * 0.2}a${w * 0.16} ${h * 0.34} 0 0 1 ${w * 0.06} ${h * 0.67}z`,
    }),
  },
  text: { names: 'anchor icon browser', draw: () => ({ outline: '' }) },
};

const CANONICAL = new Map(
  Object.entries(SHAPES).flatMap(([shape, { names }]) => [shape, ...names.split(' ')].map((name) => [name, shape])),
);

/** The shape that a name means; what is not known is a rectangle. */
export const shapeOf = (type: string | undefined): string => CANONICAL.get(type ?? 'rect') ?? 'rect';

const PLAIN_ROOM = { width: 32, height: 18 };

/** How large a shape must be for its label. */
export function sizeOf(shape: string, label: Size): Size {
  const room = SHAPES[shape]?.room;
  const { width, height } = room?.(label) ?? {
    width: label.width + PLAIN_ROOM.width,
    height: label.height + PLAIN_ROOM.height,
  };
  return room === undefined ? { width: Math.max(44, width), height: Math.max(36, height) } : { width, height };
}

export const outlineOf = (shape: string, { width, height }: Size): Outline =>
  SHAPES[shape]?.draw(width, height) ?? { outline: rect(width, height) };
