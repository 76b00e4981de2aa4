/** A node to be placed. Sizes in pixels of the Node-RED canvas. */
export interface PlannedBox {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly outputs: number;
  readonly group?: string;
}

export interface PlannedWire {
  readonly from: string;
  readonly output: number;
  readonly to: string;
}

export interface PlannedGroup {
  readonly id: string;
  readonly group?: string;
}

/** What is to be laid out, in the chart's order. Plain data: it is sent to a worker. */
export interface LayoutPlan {
  readonly boxes: readonly PlannedBox[];
  readonly wires: readonly PlannedWire[];
  readonly groups: readonly PlannedGroup[];
}

/** What the thread that lays out is asked. Without `tidy` it puts boxes into columns at once. */
export interface LayoutQuestion {
  readonly plan: LayoutPlan;
  readonly tidy: boolean;
}

/** What it answers. */
export type LayoutAnswer = { readonly places: Places } | { readonly problem: string };

/** A rectangle by its top left corner. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where every box and group of a plan goes, by id. */
export type Places = ReadonlyMap<string, Rectangle>;

/** Lays out a plan; rejects when the signal aborts. */
export type Layout = (plan: LayoutPlan, signal?: AbortSignal) => Promise<Places>;

const GRID = 20;
const LINE_HEIGHT = 24;
const OUTPUT_STEP = 13;
const CHARACTER_WIDTH = 7;

/** The size Node-RED's editor gives a node with this label (red.js 5.0: `w`, `h` in the view's redraw). */
export function boxSize(label: string, inputs: number, outputs: number): { width: number; height: number } {
  const labelWidth = widthOf(label) + 50 + (inputs > 0 ? 7 : 0);
  const width = Math.max(100, GRID * Math.ceil(labelWidth / GRID));
  return { width, height: Math.max(6 + LINE_HEIGHT, 15 * outputs, 30) };
}

/** Wide scripts and emoji take about two places of a Latin letter. */
function widthOf(label: string): number {
  let places = 0;
  for (const character of label) places += (character.codePointAt(0) ?? 0) >= 0x1100 ? 2 : 1;
  return places * CHARACTER_WIDTH;
}

/** How far below the top of a node its output stands. */
export function outputTop(height: number, outputs: number, output: number): number {
  return height / 2 - ((outputs - 1) / 2) * OUTPUT_STEP + OUTPUT_STEP * output;
}

/** To the editor's grid. */
export const snapped = (pixels: number): number => GRID * Math.round(pixels / GRID);
