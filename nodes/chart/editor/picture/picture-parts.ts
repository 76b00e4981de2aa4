import { chartStyle } from './chart-style.ts';
import type { DrawnArrow, DrawnBox, DrawnGroup, Placed } from './drawing.ts';
import { LINE_PX } from './label-lines.ts';
import { curve } from './route.ts';
import { outlineOf } from './shapes.ts';
import { svg } from './svg-element.ts';

const ENDS = ['point', 'circle', 'cross'] as const;

export function markers(id: string): SVGDefsElement {
  const look = { viewBox: '-10 -5 10 10', markerWidth: 9, markerHeight: 9, orient: 'auto-start-reverse' };
  const draw = {
    point: () => svg('path', { d: 'M-10 -5L0 0L-10 5z', class: 'chartwire-head' }),
    circle: () => svg('circle', { cx: -5, cy: 0, r: 4, class: 'chartwire-head' }),
    cross: () => svg('path', { d: 'M-9 -4L-1 4M-9 4L-1 -4', class: 'chartwire-head-cross' }),
  };
  return svg('defs', {}, ...ENDS.map((end) => svg('marker', { id: `${id}-${end}`, ...look }, draw[end]())));
}

/** A box around its own middle; the picture puts it in its place. */
export function boxElement(box: Omit<DrawnBox, 'x' | 'y'>): SVGGElement {
  const { outline, lines } = outlineOf(box.shape, box);
  const style = chartStyle(box.styles);
  const group = svg(
    'g',
    {
      class: 'chartwire-box',
      'data-id': box.id,
      tabindex: -1,
      role: 'button',
      'aria-label': box.lines.join(' ') || box.id,
    },
    styled(svg('path', { class: 'chartwire-shape', d: outline }), style),
    ...(lines === undefined ? [] : [styled(svg('path', { class: 'chartwire-shape-line', d: lines }), style)]),
    text(box.lines, { x: 0, y: box.shape === 'cylinder' ? 4 : 0 }, style),
  );
  return group;
}

export function groupElement({ id, x, y, width, height, title, styles }: DrawnGroup): SVGGElement {
  const style = chartStyle(styles);
  const frame = svg('rect', { class: 'chartwire-frame', x: x - width / 2, y: y - height / 2, width, height, rx: 4 });
  return svg(
    'g',
    { class: 'chartwire-group', 'data-id': id },
    styled(frame, style),
    text([title], { x, y: y - height / 2 + LINE_PX / 2 + 6 }, style),
  );
}

export function arrowElement(
  { id, type, stroke, points, styles, label, figures, lines }: DrawnArrow,
  marks: string,
): SVGGElement {
  const end = ENDS.find((one) => type.endsWith(one));
  const mark = end && `url(#${marks}-${end})`;
  const line = svg('path', {
    class: `chartwire-arrow-line chartwire-${stroke}`,
    d: curve(points),
    'marker-end': mark,
    'marker-start': type.startsWith('double_') ? mark : undefined,
  });
  const style = chartStyle(styles);
  const group = svg('g', { class: 'chartwire-arrow', 'data-id': id }, styled(line, style));
  if (label !== undefined) group.append(labelElement(label, lines));
  if (figures !== undefined)
    group.append(svg('g', { class: 'chartwire-arrow-figures', transform: `translate(${figures.x} ${figures.y})` }));
  return group;
}

function labelElement(place: Placed, lines: readonly string[]): SVGGElement {
  const { x, y, width, height } = place;
  const back = svg('rect', {
    class: 'chartwire-label-back',
    x: x - width / 2,
    y: y - height / 2,
    width,
    height,
    rx: 3,
  });
  return svg('g', { class: 'chartwire-arrow-label' }, back, text(lines, place, new Map()));
}

function text(
  lines: readonly string[],
  { x, y }: { x: number; y: number },
  style: ReadonlyMap<string, string>,
): SVGTextElement {
  const top = y - ((lines.length - 1) * LINE_PX) / 2;
  const spans = lines.map((line, at) => svg('tspan', { x, y: top + at * LINE_PX, dy: '0.35em' }, line));
  const element = svg('text', { 'text-anchor': 'middle' }, ...spans);
  const color = style.get('color');
  if (color !== undefined) element.style.setProperty('fill', color);
  for (const name of ['font-weight', 'font-style']) element.style.setProperty(name, style.get(name) ?? '');
  return element;
}

function styled<Element extends SVGElement>(element: Element, style: ReadonlyMap<string, string>): Element {
  for (const [name, value] of style)
    if (name !== 'color' && !name.startsWith('font')) element.style.setProperty(name, value);
  return element;
}
