import type { ChartModel, Edge, Subgraph, Vertex } from '../../../../src/chart/parse/model.ts';
import { graphOf } from '../../../../src/chart/profile/graph.ts';
import { arrangeLevel, type LevelLink } from './arrange-level.ts';
import type { Direction, DrawnArrow, DrawnBox, DrawnGroup, Drawing, Placed, Point, Size } from './drawing.ts';
import { labelLines, labelSize, LINE_PX } from './label-lines.ts';
import { shapeOf, sizeOf } from './shapes.ts';
import { clipped, loop } from './route.ts';

const EDGE = 20;
const ROOM = { side: 16, top: LINE_PX + 14, bottom: 16 };
const LABEL_ROOM = { width: 10, height: 4 };
/** Three lines as `12/s · 3.4kB/s`. */
const FIGURES_ROOM = { width: 112, height: 48 };
const FIGURES_LINE = 14;

/** Gives everything of a chart its place, with room for figures at its arrows or without. The same chart always looks the same. */
export function drawChart(model: ChartModel, withFigures = false): Drawing {
  const chart = new ChartPicture(model, withFigures);
  return chart.draw();
}

/** What stands in one subgraph, or in none, placed from its own top left corner. */
interface Level extends Size {
  readonly places: ReadonlyMap<string, Point>;
}

class ChartPicture {
  readonly #model: ChartModel;
  readonly #withFigures: boolean;
  readonly #groups: ReadonlyMap<string, Subgraph>;
  readonly #parentOf: ReadonlyMap<string, string>;
  readonly #boxes: ReadonlyMap<string, DrawnBox>;
  readonly #members = new Map<string | undefined, string[]>();
  readonly #ways = new Map<Edge, { level: string | undefined; from: string; to: string }>();
  readonly #sizes = new Map<string, Size>();
  readonly #levels = new Map<string | undefined, Level>();
  readonly #bends = new Map<Edge, { points: readonly Point[]; label: Point | undefined }>();

  constructor(model: ChartModel, withFigures: boolean) {
    this.#model = model;
    this.#withFigures = withFigures;
    this.#groups = new Map(model.subgraphs.map((subgraph) => [subgraph.id, subgraph]));
    this.#parentOf = graphOf(model).parentOf;
    const vertices = [...model.vertices.values()].filter(({ id }) => !this.#groups.has(id));
    this.#boxes = new Map(vertices.map((vertex) => [vertex.id, boxOf(vertex, model)]));
    for (const id of [...this.#boxes.keys(), ...this.#groups.keys()]) {
      const parent = this.#parentOf.get(id);
      const members = this.#members.get(parent);
      if (members) members.push(id);
      else this.#members.set(parent, [id]);
    }
    for (const edge of model.edges) {
      const way = this.#wayOf(edge);
      if (way) this.#ways.set(edge, way);
    }
  }

  draw(): Drawing {
    const whole = this.#arrange(undefined, directionOf(this.#model.direction));
    const places = new Map<string, Placed>();
    const origins = new Map<string | undefined, Point>();
    this.#settle(undefined, { x: EDGE, y: EDGE }, places, origins);
    const boxes = [...this.#boxes.values()].map((box) => ({ ...box, ...places.get(box.id) }));
    const groups = [...origins.keys()].flatMap((id) => (id === undefined ? [] : [this.#groupAt(id, places.get(id))]));
    const arrows = this.#model.edges.flatMap((edge) => this.#arrowOf(edge, places, origins));
    return { width: whole.width + 2 * EDGE, height: whole.height + 2 * EDGE, boxes, groups, arrows };
  }

  /** The inside of a subgraph first, then the subgraph as a box among others. */
  #arrange(id: string | undefined, direction: Direction): Level {
    const members = this.#members.get(id) ?? [];
    for (const member of members) this.#sizes.set(member, this.#sizeOf(member, direction));
    const numbers = new Map(members.map((member, at) => [member, at]));
    const edges = [...this.#ways].filter(([, way]) => way.level === id);
    const links = edges.map(([edge, { from, to }]): LevelLink => {
      const label = edge.stroke === 'invisible' ? undefined : this.#roomOf(edge);
      return { from: numbers.get(from) ?? 0, to: numbers.get(to) ?? 0, ...(label && { label }) };
    });
    const across = direction === 'LR' || direction === 'RL';
    const sizes = members.map((member) => this.#sizes.get(member) ?? { width: 0, height: 0 });
    const arranged = arrangeLevel(sizes, links, across);
    const { width, height } = arranged;
    const flip = ({ x, y }: Point): Point => ({
      x: direction === 'RL' ? width - x : x,
      y: direction === 'BT' ? height - y : y,
    });
    for (const [at, [edge]] of edges.entries()) {
      const label = arranged.labels[at];
      this.#bends.set(edge, { points: (arranged.bends[at] ?? []).map(flip), label: label && flip(label) });
    }
    const places = new Map(members.map((member, at) => [member, flip(arranged.middles[at] ?? { x: 0, y: 0 })]));
    const level = { width, height, places };
    this.#levels.set(id, level);
    return level;
  }

  #sizeOf(id: string, direction: Direction): Size {
    const group = this.#groups.get(id);
    if (group === undefined) return this.#boxes.get(id) ?? { width: 0, height: 0 };
    const inside = this.#arrange(id, group.dir === undefined ? direction : directionOf(group.dir));
    const title = labelSize([titleOf(group)]).width;
    return {
      width: Math.max(inside.width, title) + 2 * ROOM.side,
      height: Math.max(inside.height, 10) + ROOM.top + ROOM.bottom,
    };
  }

  /** From places within levels to places in the picture; outer groups come first. */
  #settle(
    id: string | undefined,
    origin: Point,
    places: Map<string, Placed>,
    origins: Map<string | undefined, Point>,
  ): void {
    origins.set(id, origin);
    for (const [member, middle] of this.#levels.get(id)?.places ?? []) {
      const size = this.#sizes.get(member) ?? { width: 0, height: 0 };
      const place = { ...size, x: origin.x + middle.x, y: origin.y + middle.y };
      places.set(member, place);
      const inside = this.#levels.get(member);
      if (inside === undefined || !this.#groups.has(member)) continue;
      const x = place.x - inside.width / 2;
      const y = place.y - size.height / 2 + ROOM.top;
      this.#settle(member, { x, y }, places, origins);
    }
  }

  #groupAt(id: string, place: Placed = { x: 0, y: 0, width: 0, height: 0 }): DrawnGroup {
    const group = this.#groups.get(id);
    const styles = group ? classStyles(group.classes, this.#model) : [];
    return { ...place, id, title: group ? titleOf(group) : '', styles };
  }

  #arrowOf(
    edge: Edge,
    places: ReadonlyMap<string, Placed>,
    origins: ReadonlyMap<string | undefined, Point>,
  ): DrawnArrow[] {
    const [from, to] = [places.get(edge.start), places.get(edge.end)];
    if (edge.stroke === 'invisible' || !from || !to) return [];
    const way = this.#ways.get(edge);
    const origin = origins.get(way?.level) ?? { x: 0, y: 0 };
    const moved = ({ x, y }: Point): Point => ({ x: origin.x + x, y: origin.y + y });
    const bent = this.#bends.get(edge);
    const bends = (bent?.points ?? []).map(moved);
    const shaped = (id: string, place: Placed): Placed & { shape?: string } => ({ ...this.#boxes.get(id), ...place });
    const points =
      edge.start === edge.end ? loop(from) : clipped(shaped(edge.start, from), bends, shaped(edge.end, to));
    const lines = labelLines(edge.text, edge.labelType);
    const size = labelRoom(edge);
    const middle = bent?.label ? moved(bent.label) : (points[Math.floor(points.length / 2)] ?? from);
    const top = middle.y - (this.#roomOf(edge)?.height ?? 0) / 2;
    const label = size && { x: middle.x, y: top + size.height / 2, ...size };
    const figures = this.#withFigures && { x: middle.x, y: top + (size?.height ?? 0) + FIGURES_LINE };
    const styles = [...(edge.style ?? this.#model.defaultStyle ?? []), ...classStyles(edge.classes, this.#model)];
    const { id, type, stroke } = edge;
    return [
      {
        id,
        from: edge.start,
        to: edge.end,
        points,
        type,
        stroke,
        styles,
        lines,
        ...(label && { label }),
        ...(figures && { figures }),
      },
    ];
  }

  /** What has to have room at an arrow's middle: its label, and below it its figures. */
  #roomOf(edge: Edge): Size | undefined {
    const label = labelRoom(edge);
    if (!this.#withFigures) return label;
    const { width, height } = label ?? { width: 0, height: 0 };
    return { width: Math.max(width, FIGURES_ROOM.width), height: height + FIGURES_ROOM.height };
  }

  /** The level where the ways of both ends part, and what stands there for each; none where one end is around the other. */
  #wayOf({ start, end }: Edge): { level: string | undefined; from: string; to: string } | undefined {
    const [up, down] = [this.#pathTo(start), this.#pathTo(end)];
    if (start === end) return { level: this.#parentOf.get(start), from: start, to: end };
    let at = 0;
    while (at < up.length && up[at] === down[at]) at += 1;
    const [from, to] = [up[at], down[at]];
    return from === undefined || to === undefined ? undefined : { level: up[at - 1], from, to };
  }

  /** The groups around a part and the part itself, the outermost first. */
  #pathTo(id: string): string[] {
    const path = [id];
    for (let parent = this.#parentOf.get(id); parent !== undefined; parent = this.#parentOf.get(parent))
      path.unshift(parent);
    return path;
  }
}

function boxOf(vertex: Vertex, model: ChartModel): DrawnBox {
  const lines = labelLines(vertex.text, vertex.labelType);
  const shape = shapeOf(vertex.type);
  const styles = [...classStyles(vertex.classes, model), ...vertex.styles];
  return { id: vertex.id, shape, lines, styles, x: 0, y: 0, ...sizeOf(shape, labelSize(lines)) };
}

const titleOf = ({ title, labelType }: Subgraph): string => labelLines(title, labelType).join(' ');

function labelRoom({ text, labelType }: Edge): Size | undefined {
  const lines = labelLines(text, labelType);
  if (lines.every((line) => line === '')) return undefined;
  const { width, height } = labelSize(lines);
  return { width: width + LABEL_ROOM.width, height: height + LABEL_ROOM.height };
}

function classStyles(classes: readonly string[], { classes: known }: ChartModel): string[] {
  return ['default', ...classes].flatMap((name) => {
    const found = known.get(name);
    return found === undefined ? [] : [...found.styles, ...found.textStyles];
  });
}

function directionOf(direction: string): Direction {
  return direction === 'BT' || direction === 'LR' || direction === 'RL' ? direction : 'TB';
}
