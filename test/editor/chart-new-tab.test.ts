import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { until } from '../support/browser.ts';
import { EditorSuite } from '../support/editor-suite.ts';
import { chartText, focusText, invoke, named, names, showChart, untilSaid, writeChart } from './chart-tab.ts';
import { flow, paste } from './dialog.ts';

const SAME = 'Chart and flow say the same.';
const PLANT = 'flowchart LR\nA[One] --> B[Two]\n';
const label = `RED.nodes.workspace(RED.workspaces.active()).label`;
/** What stands in the row of tabs. */
const shownLabel = `document.querySelector('#red-ui-workspace-tabs .active .red-ui-text-bidi-aware, #red-ui-workspace-tabs .active').textContent.trim()`;

describe('a chart written in a new tab', function () {
  this.timeout(180_000);
  const suite = new EditorSuite({ prepare: showChart });

  const addTab = async (page: Page): Promise<void> => {
    const before = await page.evaluate<string>('RED.workspaces.active()');
    await invoke(page, 'core:add-flow');
    await until(page, `RED.workspaces.active() !== ${JSON.stringify(before)}`);
    await until(page, `window.monaco.editor.getEditors().at(-1).getValue() === 'flowchart LR\\n'`);
  };

  it('becomes a flow in each of several tabs, whose boxes may have the same ids, and leaves the tabs their names', async () => {
    const { editor, page } = suite;
    for (const name of ['Flow 1', 'Flow 2']) {
      await addTab(page);
      await writeChart(page, PLANT);
      await until(page, `${named('Two')} !== undefined`);
      assert.deepEqual(await names(page), ['One', 'Two']);
      assert.equal(await page.evaluate(label), name);
    }
    const nodes = (await flow(page)) as { id: string }[];
    assert.equal(new Set(nodes.map(({ id }) => id)).size, nodes.length);
    await writeChart(page, PLANT.replace('One', 'Other'));
    await until(page, `${named('Other')} !== undefined`);
    await untilSaid(page, SAME);
    assert.deepEqual(await names(page), ['Other', 'Two'], 'it is renamed, not made again');
    await editor.deploy();
  });

  it('calls the tab as its title says, in the row of tabs too, and undo gives the name back', async () => {
    const { page } = suite;
    await addTab(page);
    const before = await page.evaluate<string>(label);
    await writeChart(page, `---\ntitle: Plant\n---\n${PLANT}`);
    await until(page, `${label} === 'Plant' && ${shownLabel} === 'Plant'`);
    await invoke(page, 'core:undo');
    await until(page, `${label} === ${JSON.stringify(before)} && ${shownLabel} === ${JSON.stringify(before)}`);
  });

  it('may be the chart of another tab that was written from its flow: its nodes get ids of their own', async () => {
    const { page } = suite;
    await page.evaluate(`(() => {
      RED.nodes.import([
        { id: 'feed000000000001', type: 'tab', label: 'Old' },
        { id: 'feed000000000002', type: 'link in', z: 'feed000000000001', name: 'In', links: [], x: 100, y: 100, wires: [['feed000000000003']] },
        { id: 'feed000000000003', type: 'mqtt out', z: 'feed000000000001', name: 'Out', broker: 'feed000000000004', x: 300, y: 100, wires: [] },
        { id: 'feed000000000004', type: 'mqtt-broker', name: 'Shared', broker: 'localhost', port: '1883' },
      ], { generateIds: false });
      RED.workspaces.show('feed000000000001');
    })()`);
    await until(page, `window.monaco.editor.getEditors().at(-1).getValue().includes('feed000000000002')`);
    const text = await chartText(page);
    await addTab(page);
    await focusText(page);
    await page.keyboard.press('Control+A');
    await paste(page, text);
    await until(page, `${named('Out')} !== undefined`);
    assert.deepEqual(await names(page), ['In', 'Out']);
    const wires = `RED.nodes.filterLinks({ source: ${named('In')} }).map(({ target }) => target === ${named('Out')})`;
    assert.deepEqual(await page.evaluate(wires), [true]);
    assert.equal(await page.evaluate(`${named('Out')}.broker`), 'feed000000000004');
    await untilSaid(page, SAME);
    assert.equal(await page.evaluate(`RED.nodes.filterNodes({ z: 'feed000000000001' }).length`), 2);
  });
});
