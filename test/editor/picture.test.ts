import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import * as fc from 'fast-check';
import { chartStyle } from '../../nodes/chart/editor/picture/chart-style.ts';
import { drawChart } from '../../nodes/chart/editor/picture/draw-chart.ts';
import type { Drawing, Placed } from '../../nodes/chart/editor/picture/drawing.ts';
import { outlineOf, shapeOf, sizeOf } from '../../nodes/chart/editor/picture/shapes.ts';
import { spread } from '../../nodes/chart/editor/picture/spread.ts';
import { parseChart } from '../../src/chart/parse/parse-chart.ts';

const corpus = join(import.meta.dirname, '../charts/corpus');
const draw = (text: string): Drawing => drawChart(parseChart(text).model);
const overlap = (a: Placed, b: Placed): boolean =>
  Math.abs(a.x - b.x) < (a.width + b.width) / 2 - 1 && Math.abs(a.y - b.y) < (a.height + b.height) / 2 - 1;

describe('the picture of a chart', () => {
  for (const file of readdirSync(corpus).filter((name) => name.endsWith('.mmd'))) {
    it(`of ${file} has all of it, and no box lies on another or outside`, () => {
      const text = readFileSync(join(corpus, file), 'utf8');
      const { model } = parseChart(text);
      const { boxes, arrows, groups, width, height } = drawChart(model);
      const parts = new Set([...boxes, ...groups].map(({ id }) => id));
      assert.deepEqual(
        [...model.vertices.keys()].filter((id) => !parts.has(id)),
        [],
      );
      assert.equal(arrows.length, model.edges.filter(({ stroke }) => stroke !== 'invisible').length);
      for (const [at, box] of boxes.entries()) {
        assert.ok(box.x >= box.width / 2 && box.y >= box.height / 2 && box.x <= width && box.y <= height, box.id);
        assert.deepEqual(
          boxes.slice(at + 1).filter((other) => overlap(box, other)),
          [],
        );
      }
    });
  }

  for (const file of readdirSync(corpus).filter((name) => name.endsWith('.mmd'))) {
    it(`of ${file} has room for figures at each of its arrows, beside every box and other figures`, () => {
      const { boxes, arrows } = drawChart(parseChart(readFileSync(join(corpus, file), 'utf8')).model, true);
      const rooms = arrows.map(({ figures }) => {
        assert.ok(figures !== undefined);
        return { x: figures.x, y: figures.y + 9, width: 90, height: 40 };
      });
      for (const [at, room] of rooms.entries()) {
        assert.deepEqual(
          [...boxes, ...rooms.slice(at + 1)].filter((other) => overlap(room, other)),
          [],
          arrows[at]!.id,
        );
      }
    });
  }

  it('goes the way the chart says', () => {
    const [down, across, up, back] = ['TD', 'LR', 'BT', 'RL'].map((direction) => {
      const [a, b] = draw(`flowchart ${direction}\nA --> B`).boxes;
      return [Math.sign(b!.x - a!.x), Math.sign(b!.y - a!.y)];
    });
    assert.deepEqual({ down, across, up, back }, { down: [0, 1], across: [1, 0], up: [0, -1], back: [-1, 0] });
  });

  it('keeps what is in a subgraph inside it, nested and with a direction of its own', () => {
    const { boxes, groups } = draw(
      'flowchart LR\nsubgraph one [One]\ndirection TB\nA --> B\nsubgraph two\nC --> D\nend\nend\nE --> A\nD --> F',
    );
    const inside = { one: ['A', 'B', 'C', 'D'], two: ['C', 'D'] };
    for (const group of groups) {
      for (const box of boxes) {
        const expected = inside[group.id as keyof typeof inside].includes(box.id);
        assert.equal(overlap(group, box), expected, `${box.id} in ${group.id}`);
      }
    }
  });

  it('stands every chart: circles, loops, arrows to subgraphs, names of Object', () => {
    const ids = fc.constantFrom('A', 'B', 'C', 'constructor', '__proto__', 'toString', 's1', 's2');
    const edge = fc
      .tuple(ids, fc.constantFrom('-->', '-.->', '==>', '<-->', '~~~', '--x', '--o'), ids)
      .map((parts) => parts.join(' '));
    const group = fc
      .tuple(fc.constantFrom('s1', 's2'), fc.array(edge, { maxLength: 4 }))
      .map(([id, edges]) => `subgraph ${id}\n${edges.join('\n')}\nend`);
    fc.assert(
      fc.property(
        fc.constantFrom('TD', 'LR'),
        fc.array(fc.oneof(edge, group), { maxLength: 12 }),
        (direction, lines) => {
          const { boxes, width, height, arrows } = draw(`flowchart ${direction}\n${lines.join('\n')}`);
          const figures = [
            width,
            height,
            ...boxes.flatMap(({ x, y }) => [x, y]),
            ...arrows.flatMap(({ points }) => points.flatMap(({ x, y }) => [x, y])),
          ];
          assert.ok(figures.every(Number.isFinite));
        },
      ),
    );
  });

  it('has an outline for every shape, which a name of Object is not', () => {
    for (const shape of ['rect', 'diamond', 'cyl', 'docs', 'hourglass', 'cloud', 'tri', 'delay']) {
      const canonical = shapeOf(shape);
      const size = sizeOf(canonical, { width: 60, height: 18 });
      assert.match(outlineOf(canonical, size).outline, /^M[-\d.e ]+/, shape);
    }
    assert.deepEqual(['constructor', '__proto__', undefined].map(shapeOf), ['rect', 'rect', 'rect']);
  });

  it('takes looks from the chart, and nothing that fetches or ends the declaration', () => {
    const styles = [
      'fill:#f9f',
      'stroke: rgb(1, 2, 3)',
      'stroke-width:4px',
      'fill:url(http://x)',
      'color:red;x:y',
      'behavior:url(x)',
      'position:fixed',
      'stroke:expression(alert(1))',
    ];
    assert.deepEqual(
      [...chartStyle(styles)],
      [
        ['fill', '#f9f'],
        ['stroke', 'rgb(1, 2, 3)'],
        ['stroke-width', '4px'],
      ],
    );
  });
});

describe('spread', () => {
  it('keeps order and distance, and moves nobody who is in no one’s way', () => {
    const row = fc.array(
      fc.record({
        size: fc.integer({ min: 1, max: 50 }),
        wish: fc.integer({ min: -500, max: 500 }),
        weight: fc.integer({ min: 1, max: 5 }),
      }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(row, (wanting) => {
        const places = spread(wanting, 10);
        for (const [at, place] of places.entries()) {
          const before = places[at - 1];
          const distance = ((wanting[at - 1]?.size ?? 0) + (wanting[at]?.size ?? 0)) / 2 + 10;
          if (before !== undefined) assert.ok(place - before >= distance - 1e-6);
        }
      }),
    );
    assert.deepEqual(
      spread(
        [
          { size: 10, wish: 0, weight: 1 },
          { size: 10, wish: 100, weight: 1 },
        ],
        5,
      ),
      [0, 100],
    );
  });
});
