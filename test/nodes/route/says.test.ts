import assert from 'node:assert/strict';
import { recorder, startNodeRed, tab } from '../../support/node-red.ts';

describe('a route whose rules are words', () => {
  it('sends what answers where the answer leads, and anything else every way', async () => {
    await using red = await startNodeRed({ notes: 'recorders' });
    const words = ['> 25 °C', 'else'];
    const rules = words.map((v) => ({ label: v, t: 'says', vt: 'str', v }));
    const wires = [['warm'], ['cool']];
    await red.deploy([
      tab,
      { id: 'route', type: 'chartwire-route', z: tab.id, rules, wires },
      recorder('warm'),
      recorder('cool'),
    ]);
    for (const payload of [26, '70 °F', { temperature: 30 }, 'how warm?']) red.send('route', { payload });
    const payloads = async (id: string, count: number): Promise<unknown[]> =>
      (await red.receivedBy(id, count)).map(({ payload }) => payload);
    assert.deepEqual(await payloads('warm', 3), [26, { temperature: 30 }, 'how warm?']);
    assert.deepEqual(await payloads('cool', 2), ['70 °F', 'how warm?']);
  });
});
