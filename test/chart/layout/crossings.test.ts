import assert from 'node:assert/strict';
import { wiresOf } from '../../../src/chart/flow-node.ts';
import { outputTop } from '../../../src/chart/layout/plan.ts';
import { chartToFlow } from '../../../src/chart/to-flow.ts';
import { corpus } from '../charts.ts';

interface Wire {
  readonly from: readonly [x: number, y: number];
  readonly to: readonly [x: number, y: number];
}

/** How many wires that leave one decision cross each other, drawn straight from output to input. */
async function crossingsAtDecisions(text: string): Promise<number> {
  const { flow } = await chartToFlow(text);
  const places = new Map(flow.map(({ id, x, y }) => [id, [Number(x), Number(y)] as const]));
  let crossings = 0;
  for (const node of flow) {
    const ports = wiresOf(node);
    if (ports.length < 2) continue;
    const [x, y] = places.get(node.id) ?? assert.fail();
    const height = Math.max(30, 15 * ports.length);
    const wires = ports.flatMap((targets, port): Wire[] =>
      targets.map((target) => ({
        from: [x + 50, y - height / 2 + outputTop(height, ports.length, port)],
        to: places.get(target) ?? assert.fail(),
      })),
    );
    for (const [index, one] of wires.entries()) {
      for (const other of wires.slice(index + 1)) if (cross(one, other)) crossings += 1;
    }
  }
  return crossings;
}

/** Both lead to the right, and the one that begins above ends below at the nearer of the two ends. */
function cross(one: Wire, other: Wire): boolean {
  const end = Math.min(one.to[0], other.to[0]);
  if (one.to[0] <= one.from[0] || other.to[0] <= other.from[0]) return false;
  const at = ({ from, to }: Wire): number => from[1] + ((to[1] - from[1]) * (end - from[0])) / (to[0] - from[0]);
  return (one.from[1] - other.from[1]) * (at(one) - at(other)) < 0;
}

describe('the layout of decisions', () => {
  for (const { file, text } of corpus) {
    it(`crosses no two outputs of a decision of ${file}`, async () => {
      assert.equal(await crossingsAtDecisions(text), 0);
    });
  }
});
