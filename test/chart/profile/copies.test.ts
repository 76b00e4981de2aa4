import assert from 'node:assert/strict';
import { flowOfChart } from '../../../src/chart/index.ts';

/** The boxes that pass each message once. */
function onceIn(lines: readonly string[]): string[] {
  const { flow } = flowOfChart(`graph TD\n${lines.join('\n')}\n`);
  return flow.filter(({ once }) => once !== undefined).map(({ chartId }) => String(chartId));
}

const layers = (count: number, wide: number): string[] =>
  Array.from({ length: count }, (_, layer) => {
    const row = (at: number): string => Array.from({ length: wide }, (_one, place) => `l${at}_${place}`).join(' & ');
    return `${row(layer)} --> ${row(layer + 1)}`;
  });

describe('copies of a message in a chart', () => {
  it('are left alone where ways part and meet a few times', () => {
    assert.deepEqual(onceIn(layers(2, 3)), []);
    assert.deepEqual(onceIn(['A --> B & C --> D --> E & F --> G --> H & I --> J --> K & L --> M']), []);
  });

  it('are dropped by the steps where there would be more than 16', () => {
    assert.deepEqual(onceIn(layers(3, 3)), ['l3_0', 'l3_1', 'l3_2']);
  });

  it('stay few however often ways part and meet', () => {
    const lines = layers(60, 3);
    const passing = new Set(onceIn(lines));
    let copies = [1, 1, 1];
    for (let layer = 1; layer <= 60; layer++) {
      const arriving = copies.reduce((sum, one) => sum + one, 0);
      copies = [0, 1, 2].map((place) => (passing.has(`l${layer}_${place}`) ? 3 : arriving));
      assert.ok(arriving <= 3 * 27, `${arriving} copies in layer ${layer}`);
    }
  });

  it('are dropped by the guards of tangled circles, and not by those of circles apart', () => {
    const all = ['a', 'b', 'c', 'd', 'e'];
    const tangled = onceIn(all.flatMap((from) => all.filter((to) => to !== from).map((to) => `${from} --> ${to}`)));
    assert.ok(tangled.includes('a') && tangled.length >= 4);
    assert.deepEqual(onceIn(all.map((id) => `${id}1 --> ${id}2 --> ${id}1`)), []);
  });
});
