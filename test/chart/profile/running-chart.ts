import assert from 'node:assert/strict';
import { flowOfChart } from '../../../src/chart/index.ts';
import type { StoredNode } from '../../support/node-red.ts';

/** A chart as it runs: boxes by their ids in it. */
export function runningChart(text: string): { flow: StoredNode[]; idOf: (id: string) => string } {
  const { flow, bindings } = flowOfChart(text);
  const ids = new Map(bindings.map(({ chartId, nodeId }) => [chartId, nodeId]));
  // Test messages of the start would be in the way.
  const quiet = flow.map((node) => ({ ...node, test: false }));
  return { flow: quiet, idOf: (id) => ids.get(id) ?? assert.fail(`no ${id}`) };
}
