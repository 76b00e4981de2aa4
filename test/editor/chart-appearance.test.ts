import assert from 'node:assert/strict';
import { openEditor, until } from '../support/browser.ts';
import { startChartwire, type TestHost } from '../support/host.ts';
import { contrastOf, LEAST_CONTRAST } from './contrast.ts';
import { appendToChart, named, showChart } from './chart-tab.ts';

describe('the look of the tab Chart', function () {
  this.timeout(180_000);
  let host: TestHost;
  before(async () => {
    host = await startChartwire();
  });
  after(() => host?.stop());

  for (const scheme of ['light', 'dark'] as const) {
    it(`can be read in the ${scheme} theme, and every part of it is named`, async () => {
      await using editor = await openEditor(host, { scheme });
      const { page } = editor;
      await showChart(page);
      await page.waitForSelector('.chartwire-tab-status:has-text("say the same")');
      const readable = async (selector: string): Promise<void> => {
        const contrast = await page.evaluate<number>(contrastOf(selector));
        assert.ok(contrast >= LEAST_CONTRAST, `${selector} has a contrast of ${contrast.toFixed(1)}`);
      };
      for (const part of ['.chartwire-tab-status', '.chartwire-tab-bar label']) await readable(part);
      const ink = `getComputedStyle(document.querySelector('.chartwire-box text')).fill`;
      const paper = `getComputedStyle(document.querySelector('.chartwire-box .chartwire-shape')).fill`;
      assert.notEqual(await page.evaluate(ink), await page.evaluate(paper));
      for (const name of ['Apply the chart to the flow', 'Import chart', 'Live figures'])
        assert.equal(await page.getByRole('button', { name, exact: true }).count(), 1, name);
      assert.equal(
        await page
          .getByRole('toolbar')
          .filter({ has: page.locator('.chartwire-tab-export') })
          .count(),
        1,
      );
      assert.equal(await page.locator('.chartwire-tab-text [aria-label^="Mermaid flowchart"]').count(), 1);
      await editor.screenshot(`chart-tab-${scheme}`);
      await appendToChart(page, '\nI --> X[New box (bad)]');
      await page.waitForSelector('.chartwire-tab-problems .chartwire-tab-error');
      await readable('.chartwire-tab-error span');
      await readable('.chartwire-tab-place');
      await editor.screenshot(`chart-tab-wrong-${scheme}`);
    });
  }

  it('works with the keyboard alone: from the text to the picture, from box to box, and to the node', async () => {
    await using editor = await openEditor(host);
    const { page } = editor;
    await page.keyboard.press('Alt+Shift+K');
    await page.waitForSelector('.chartwire-picture');
    await until(page, `document.activeElement.closest('.chartwire-tab-text') !== null`);
    await page.keyboard.press('Tab');
    await until(page, `document.activeElement.dataset?.id === 'A'`);
    const at = async (key: string): Promise<string> => {
      await page.keyboard.press(key);
      return page.evaluate<string>('document.activeElement.dataset.id');
    };
    assert.equal(await at('ArrowDown'), 'B');
    assert.equal(await at('End'), 'I');
    assert.equal(await at('ArrowUp'), 'H');
    assert.equal(await at('Home'), 'A');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await until(page, `RED.view.selection().nodes?.[0] === ${named('Choose Protocol')}`);
  });
});
