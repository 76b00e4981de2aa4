/** Numbers from 0 up to, but not including, 1: the same ones for the same seed. Not for secrets. */
export type Random = () => number;

/** Counts up by the golden ratio and mixes each count (multipliers: the "lowbias32" search of hash-prospector). */
export function createRandom(seed: number): Random {
  let count = Math.trunc(seed) >>> 0;
  return () => {
    count = (count + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(count ^ (count >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** A number between the two, evenly spread. */
export function between(random: Random, from: number, to: number): number {
  return from + (to - from) * random();
}

/** One of the list by weight. Throws RangeError for an empty list. */
export function pick<Item extends { readonly weight: number }>(random: Random, items: readonly Item[]): Item {
  let rest = random() * items.reduce((sum, { weight }) => sum + weight, 0);
  const found = items.find(({ weight }) => (rest -= weight) < 0) ?? items.at(-1);
  if (found === undefined) throw new RangeError('nothing to pick from');
  return found;
}
