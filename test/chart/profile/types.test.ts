import assert from 'node:assert/strict';
import { installedType, isSink, isSource } from '../../../src/chart/profile/types.ts';
import { findNodes } from '../../../tools/build/find-nodes.ts';

describe('the node types a chart may name', () => {
  it('are all of ours that stand on the canvas, and take and send messages as their definitions say', async () => {
    for (const { definition } of await findNodes()) {
      const { type, category, inputs, outputs } = definition;
      const isPlaced = category !== 'config';
      assert.equal(installedType(type), isPlaced ? type : undefined, type);
      assert.equal(installedType(type.slice('chartwire-'.length)), isPlaced ? type : undefined, type);
      if (isPlaced) assert.deepEqual([isSource(type), isSink(type)], [inputs === 0, outputs === 0], type);
    }
  });
});
