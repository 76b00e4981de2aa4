/** Between these lies the middle half of the figures; NaN when there are none. */
export function quartiles(figures: readonly number[]): readonly [number, number] {
  const sorted = figures.toSorted((left, right) => left - right);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
  return [at(0.25), at(0.75)];
}
