import assert from 'node:assert/strict';
import { until } from '../support/browser.ts';
import { EditorSuite } from '../support/editor-suite.ts';
import {
  appendToChart,
  chartText,
  focusText,
  invoke,
  keptText,
  MISSION,
  named,
  names,
  showChart,
  untilSaid,
  writeChart,
} from './chart-tab.ts';
import { flow, holdPauses, paste } from './dialog.ts';

const SAME = 'Chart and flow say the same.';

describe('the tab Chart', function () {
  this.timeout(120_000);
  const suite = new EditorSuite({ prepare: showChart });

  it('shows the chart of the flow as text and as picture; a box and its node are selected together', async () => {
    const { page } = suite;
    assert.equal(await chartText(page), MISSION);
    assert.equal(await page.locator('.chartwire-box').count(), 9);
    assert.equal(await page.locator('.chartwire-arrow').count(), 10);
    await page.click('.chartwire-box[data-id="F"]');
    await until(page, `RED.view.selection().nodes?.[0]?.name === 'Develop Client'`);
    await page.evaluate(`RED.view.select({ nodes: [${named('Choose Protocol')}] })`);
    await until(
      page,
      `[...document.querySelectorAll('.chartwire-selected')].map((box) => box.dataset.id).join() === 'B'`,
    );
  });

  it('shows what an edit of the text would do, does it, and takes it back in one step of undo', async () => {
    const { page } = suite;
    const before = await flow(page);
    await appendToChart(page, '\n%% more\nI -.->|feedback| X[New box]');
    await untilSaid(page, 'Will change the flow: 1 node more, 1 wire more');
    assert.equal(await page.locator('.chartwire-ghosts rect').count(), 1);
    assert.equal(await page.textContent('.chartwire-ghosts text'), 'New box');
    await suite.editor.screenshot('chart-ghost');
    await untilSaid(page, SAME);
    assert.equal(await page.locator('.chartwire-ghosts').count(), 0);
    assert.ok((await names(page)).includes('New box'));
    assert.match(await keptText(page), /%% more\nI -\.->\|feedback\| X\[New box\]$/);
    await invoke(page, 'core:undo');
    await until(page, `${named('New box')} === undefined`);
    await untilSaid(page, SAME);
    assert.deepEqual(sorted(await flow(page)), sorted(before));
    await until(page, `window.monaco.editor.getEditors().at(-1).getValue() === ${JSON.stringify(MISSION)}`);
    await invoke(page, 'core:redo');
    await until(page, `${named('New box')} !== undefined`);
    await until(page, `window.monaco.editor.getEditors().at(-1).getValue().endsWith('X[New box]')`);
  });

  it('reads what is pasted at once', async () => {
    const { page } = suite;
    await holdPauses(page);
    await focusText(page);
    await page.keyboard.press('Control+End');
    await paste(page, '\nI --> X[Pasted box]');
    await until(page, `${named('Pasted box')} !== undefined`);
    await invoke(page, 'core:undo');
    await until(page, `${named('Pasted box')} === undefined`);
  });

  it('keeps ids and places when a box is renamed or becomes another type, and removes what the text no longer has', async () => {
    const { page } = suite;
    const place = `(({ id, x, y }) => ({ id, x, y }))`;
    const before = await page.evaluate(`${place}(${named('Develop Client')})`);
    await writeChart(
      page,
      MISSION.replace('Develop Client', 'Devour it').replace('H --> I[Iterate and Optimize];', ''),
    );
    await until(page, `${named('Devour it')} !== undefined && ${named('Iterate and Optimize')} === undefined`);
    assert.deepEqual(await page.evaluate(`${place}(${named('Devour it')})`), before);
    assert.equal(await page.evaluate(`${named('Devour it')}.type`), 'chartwire-step', 'the new name says less');
    await invoke(page, 'core:undo');
    await until(page, `${named('Iterate and Optimize')} !== undefined`);
    assert.equal(await page.evaluate(`${named('Develop Client')}.type`), 'chartwire-client');
    assert.equal(await page.evaluate(`RED.nodes.filterLinks({}).length`), 10);
  });

  it('tells in place what is wrong and leaves the flow that runs as it is, also on deploy', async () => {
    const { page } = suite;
    const before = sorted(await flow(page));
    await appendToChart(page, '\nI --> X[New box (bad)]');
    await page.waitForSelector('.chartwire-tab-problems .chartwire-tab-error');
    assert.match(await page.innerText('.chartwire-tab-problems'), /Line \d+, column 17/);
    await page.waitForSelector('.chartwire-tab-text .squiggly-error', { state: 'attached' });
    await untilSaid(page, 'your flows stay as they are');
    await page.click('.chartwire-tab-place');
    assert.equal(await page.evaluate(`document.activeElement.closest('.chartwire-tab-text') !== null`), true);
    assert.deepEqual(sorted(await flow(page)), before);
    assert.equal(await page.evaluate(`RED.nodes.dirty()`), false);
    await suite.editor.screenshot('chart-wrong');
    await page.getByRole('button', { name: 'Put the label in double quotes' }).click();
    await until(page, `${named('New box (bad)')} !== undefined`);
    await invoke(page, 'core:undo');
    await until(page, `window.monaco.editor.getEditors().at(-1).getValue() === ${JSON.stringify(MISSION)}`);
  });

  it('applies nothing by itself when it is told not to', async () => {
    const { page } = suite;
    await page.uncheck('.chartwire-tab-bar input[type=checkbox]');
    await appendToChart(page, '\nI --> X[Later]');
    await untilSaid(page, 'Will change the flow');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    assert.equal(await page.evaluate(`${named('Later')} === undefined`), true);
    await page.getByRole('button', { name: 'Apply the chart to the flow' }).click();
    await until(page, `${named('Later')} !== undefined`);
    await page.check('.chartwire-tab-bar input[type=checkbox]');
    await invoke(page, 'core:undo');
    await untilSaid(page, SAME);
  });
});

const sorted = (nodes: unknown): unknown =>
  (nodes as { id: string }[]).toSorted((one, other) => one.id.localeCompare(other.id));
