/** A place or an offset, in pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A rectangle by its middle. */
export type Placed = Point & Size;

export type Direction = 'TB' | 'BT' | 'LR' | 'RL';

/** A box of the chart as it is drawn. */
export interface DrawnBox extends Placed {
  readonly id: string;
  readonly shape: string;
  readonly lines: readonly string[];
  readonly styles: readonly string[];
}

/** An arrow; `from` and `to` are ids of boxes or subgraphs. */
export interface DrawnArrow {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly points: readonly Point[];
  /** Mermaid's name of its ends: `arrow_point`, `double_arrow_circle`. */
  readonly type: string;
  readonly stroke: string;
  readonly styles: readonly string[];
  readonly lines: readonly string[];
  /** Where its label stands; absent without one. */
  readonly label?: Placed;
  /** Where the first line of its figures stands, in a picture with room for them. */
  readonly figures?: Point;
}

export interface DrawnGroup extends Placed {
  readonly id: string;
  readonly title: string;
  readonly styles: readonly string[];
}

/** Everything of a chart with its place; the top left corner is 0, 0. */
export interface Drawing extends Size {
  readonly boxes: readonly DrawnBox[];
  readonly arrows: readonly DrawnArrow[];
  /** Outer ones first. */
  readonly groups: readonly DrawnGroup[];
}
