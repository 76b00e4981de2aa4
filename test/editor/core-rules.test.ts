import assert from 'node:assert/strict';
import { EditorSuite } from '../support/editor-suite.ts';

/** As flows of the core nodes change and switch hold them: columns left out, and true as true. */
const rules = [
  { t: 'set', p: 'payload', pt: 'msg', to: 'topic', tot: 'msg', dc: true },
  { t: 'delete', p: 'topic', pt: 'msg' },
];
const flow = [
  { id: 'tab', type: 'tab', label: 'test' },
  { id: 'set', type: 'chartwire-set', z: 'tab', name: '', rules, x: 200, y: 100, wires: [[]] },
];

describe('rules of the core nodes', function () {
  this.timeout(120_000);
  const suite = new EditorSuite({ flow });

  it('are shown in the form of a set node and kept by it', async () => {
    const { editor, page } = suite;
    await page.evaluate(`RED.editor.edit(RED.nodes.node('set'))`);
    await page.waitForSelector('#node-input-rules-rows [data-column="dc"]');
    await editor.screenshot('set-form');
    await page.click('#node-dialog-ok');
    await page.waitForSelector('#node-dialog-ok', { state: 'detached' });
    const kept = await page.evaluate<Record<string, string>[]>(`RED.nodes.node('set').rules`);
    assert.equal(kept.length, 2);
    assert.deepEqual([kept[0]?.['to'], kept[0]?.['tot'], kept[0]?.['dc']], ['topic', 'msg', 'true']);
    assert.deepEqual([kept[1]?.['t'], kept[1]?.['p'], kept[1]?.['dc']], ['delete', 'topic', '']);
  });
});
