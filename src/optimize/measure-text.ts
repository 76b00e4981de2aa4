import type { Measure } from './figures.ts';

/** A measure for people: `p99 4.2 ms`, `loss 1.5 %`, `size 230 bytes a message`. */
export function measureText(measure: Measure, value: number): string {
  const { name, times, unit } = words[measure];
  const figure = Number((value * times).toPrecision(2));
  return `${name} ${figure} ${unit}`;
}

const words: Readonly<Record<Measure, { readonly name: string; readonly times: number; readonly unit: string }>> = {
  p50Ms: { name: 'p50', times: 1, unit: 'ms' },
  p99Ms: { name: 'p99', times: 1, unit: 'ms' },
  lossRatio: { name: 'loss', times: 100, unit: '%' },
  bytesPerMessage: { name: 'size', times: 1, unit: 'bytes a message' },
};
