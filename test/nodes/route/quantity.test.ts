import assert from 'node:assert/strict';
import { difference, quantityOf } from '../../../nodes/route/quantity.ts';

describe('a figure with a unit', () => {
  const forms: readonly (readonly [unknown, number, string])[] = [
    ['25 °C', 25, '°C'],
    ['25°C', 25, '°C'],
    ['-3,5 C', -3.5, '°C'],
    ['900 ppm', 900, 'ppm'],
    [' 1e3 Pa ', 1000, 'Pa'],
    ['7 apples', 7, 'apples'],
    ['.5', 0.5, ''],
    [12, 12, ''],
  ];
  for (const [text, figure, unit] of forms) {
    it(`is read from ${JSON.stringify(text)}`, () => assert.deepEqual(quantityOf(text), { figure, unit }));
  }

  for (const text of ['', 'warm', '2024-01-02', '10:30', '1.2.3', '25 °C today', null, true, '9'.repeat(100)]) {
    it(`is not read from ${String(text).slice(0, 20)}`, () => assert.equal(quantityOf(text), undefined));
  }

  const pairs: readonly (readonly [string, string, number])[] = [
    ['25 °C', '298.15 K', 0],
    ['32 °F', '0 °C', 0],
    ['0.1 %', '1000 ppm', 0],
    ['1 bar', '1000 hPa', 0],
    ['2 min', '119 s', 1],
    ['5', '4 V', 1],
    ['7 apples', '5 apples', 2],
  ];
  for (const [left, right, expected] of pairs) {
    it(`${left} minus ${right} is ${expected}`, () => {
      const known = difference(quantityOf(left)!, quantityOf(right)!);
      assert.ok(Math.abs((known ?? Number.NaN) - expected) < 1e-9, String(known));
    });
  }

  it('is no number of another kind, and unknown beside an unknown unit', () => {
    assert.ok(Number.isNaN(difference(quantityOf('5 V')!, quantityOf('5 A')!)));
    assert.equal(difference(quantityOf('5 V')!, quantityOf('5 pears')!), undefined);
  });
});
