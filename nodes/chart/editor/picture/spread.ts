/** One of a row, and where it wants its middle. */
export interface Wanting {
  readonly size: number;
  readonly wish: number;
  /** How much its wish counts. */
  readonly weight: number;
}

interface Block {
  sum: number;
  weight: number;
  count: number;
}

/**
 * The middles of a row in which nothing overlaps and the order stays, as near to the wishes as can be (least squares):
 * isotonic regression, by pooling neighbours that are in each other's way.
 */
export function spread(row: readonly Wanting[], gap: number): number[] {
  const offsets: number[] = [];
  let end = 0;
  for (const [at, { size }] of row.entries()) {
    offsets.push(at === 0 ? 0 : end + gap + size / 2);
    end = (offsets[at] ?? 0) + size / 2;
  }
  const blocks: Block[] = [];
  for (const [at, { wish, weight }] of row.entries()) {
    let block: Block = { sum: (wish - (offsets[at] ?? 0)) * weight, weight, count: 1 };
    for (let last = blocks.at(-1); last && last.sum / last.weight >= block.sum / block.weight; last = blocks.at(-1)) {
      blocks.pop();
      block = { sum: last.sum + block.sum, weight: last.weight + block.weight, count: last.count + block.count };
    }
    blocks.push(block);
  }
  const middles: number[] = [];
  for (const { sum, weight, count } of blocks) {
    for (let inside = 0; inside < count; inside += 1) middles.push(sum / weight + (offsets[middles.length] ?? 0));
  }
  return middles;
}
