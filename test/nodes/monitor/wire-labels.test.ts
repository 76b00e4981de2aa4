import assert from 'node:assert/strict';
import { wireLabels, type WireFigures } from '../../../nodes/monitor/editor/wire-labels.ts';

const PARTS = ['12/s', '0.4/2.1 ms', '3.4kB/s'];
const texts = (wires: readonly WireFigures[]): string[][] =>
  wireLabels(wires).map((lines) => lines.map(({ text }) => text));

describe('the labels of wires', () => {
  it('are one line above a long wire, and lines around a short one', () => {
    const [long, short] = wireLabels([
      { parts: PARTS, length: 400, x: 200, y: 50 },
      { parts: PARTS, length: 40, x: 200, y: 250 },
    ]);
    assert.deepEqual(long, [{ text: '12/s · 0.4/2.1 ms · 3.4kB/s', x: 200, y: 45 }]);
    assert.deepEqual(
      short?.map(({ text, y }) => [text, y]),
      [
        ['12/s', 245],
        ['0.4/2.1 ms', 261],
        ['3.4kB/s', 272],
      ],
    );
  });

  it('lie on no other: the least important line gives way', () => {
    const at = (y: number): WireFigures => ({ parts: PARTS, length: 40, x: 100, y });
    assert.deepEqual(texts([at(0), at(30), at(200)]), [PARTS.slice(0, 2), PARTS, PARTS]);
    assert.deepEqual(texts([at(0), { ...at(30), x: 300 }]), [PARTS, PARTS]);
    const lossy = ['12/s', '0.4/2.1 ms', '9% lost', '3.4kB/s'];
    assert.deepEqual(texts([{ ...at(0), parts: lossy }, at(40)]), [lossy.slice(0, 3), PARTS]);
  });
});
