import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { until } from '../support/browser.ts';
import { EditorSuite } from '../support/editor-suite.ts';
import { contrastOf, LEAST_CONTRAST } from './contrast.ts';
import { appendToChart, named, showChart } from './chart-tab.ts';

describe('the look of the tab Chart', function () {
  this.timeout(180_000);
  const suite = new EditorSuite();

  for (const scheme of ['light', 'dark'] as const) {
    it(`can be read in the ${scheme} theme, and every part of it is named`, async () => {
      const { editor, page } = suite;
      await editor.reload({ scheme });
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
      const nameless = `[...document.querySelectorAll('.chartwire-tab :is(button, input, select, [role=separator], [role=button])')]
        .filter((one) => (one.ariaLabel ?? one.closest('label')?.innerText ?? one.innerText ?? '').trim() === '').map((one) => one.outerHTML)`;
      assert.deepEqual(await page.evaluate(nameless), []);
      await editor.screenshot(`chart-tab-${scheme}`);
      await appendToChart(page, '\nI --> X[New box (bad)]');
      await page.waitForSelector('.chartwire-tab-problems .chartwire-tab-error');
      await readable('.chartwire-tab-error span');
      await readable('.chartwire-tab-place');
      await editor.screenshot(`chart-tab-wrong-${scheme}`);
    });
  }

  it('works with the keyboard alone: from the text to the picture, from box to box, and to the node', async () => {
    const { page } = suite;
    await page.keyboard.press('Alt+Shift+K');
    await page.waitForSelector('.chartwire-picture');
    await until(page, `document.activeElement.closest('.chartwire-tab-text') !== null`);
    await page.keyboard.press('Tab');
    await until(page, `document.activeElement.getAttribute('role') === 'separator'`);
    const share = `Number(document.activeElement.ariaValueNow)`;
    const before = await page.evaluate<number>(share);
    const width = `document.querySelector('.chartwire-tab-text').offsetWidth`;
    const narrow = await page.evaluate<number>(width);
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.evaluate(share), before + 5);
    assert.ok((await page.evaluate<number>(width)) > narrow);
    assert.equal(await page.evaluate(`localStorage.getItem('chartwire-chart-share')`), String(before + 5));
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

  it('takes the room a chart needs, gives it back to another tab, and takes none when it is told to', async () => {
    const { page } = suite;
    const width = (): Promise<number> => page.evaluate(`document.getElementById('red-ui-sidebar').offsetWidth`);
    await page.evaluate(`RED.sidebar.show('info')`);
    await until(page, `document.getElementById('red-ui-sidebar').offsetWidth < 400`);
    const small = await width();
    await showChart(page);
    const large = await width();
    assert.ok(large > small * 1.5, `${large}`);
    const [, , textWidth, textHeight] = await boxOf(page, '.chartwire-tab-text');
    const [, , pictureWidth, pictureHeight] = await boxOf(page, '.chartwire-tab-picture');
    assert.ok(Math.min(textWidth, pictureWidth) >= 200 && Math.min(textHeight, pictureHeight) >= 300);
    await page.reload();
    await page.waitForSelector('.chartwire-picture');
    await page.evaluate(`RED.sidebar.show('info')`);
    await until(page, `document.getElementById('red-ui-sidebar').offsetWidth === ${small}`);
    await showChart(page);
    await until(page, `document.getElementById('red-ui-sidebar').offsetWidth === ${large}`);
    const button = page.getByRole('button', { name: 'More room for the chart' });
    assert.equal(await button.getAttribute('aria-pressed'), 'true');
    await button.press('Enter');
    assert.equal(await button.getAttribute('aria-pressed'), 'false');
    assert.equal(await width(), small);
    await until(page, `document.querySelector('.chartwire-tab-beside') === null`);
    const [, textTop, , height] = await boxOf(page, '.chartwire-tab-text');
    const [, pictureTop] = await boxOf(page, '.chartwire-tab-picture');
    assert.ok(pictureTop >= textTop + height, 'one stands above the other where there is no room beside');
  });

  it('leaves the form of a node its room in a small window, and takes its own again when the form is closed', async () => {
    const { page } = suite;
    await page.setViewportSize({ width: 1100, height: 760 });
    await showChart(page);
    const large = await page.evaluate<number>(`document.getElementById('red-ui-sidebar').offsetWidth`);
    await page.evaluate(`RED.editor.edit(${named('Choose Protocol')})`);
    await page.waitForSelector('.red-ui-tray .chartwire-row');
    await until(
      page,
      `((edge) => [...document.querySelectorAll('.red-ui-tray .chartwire-row *')].every((part) => part.getBoundingClientRect().right <= edge))
        (document.getElementById('red-ui-sidebar').getBoundingClientRect().left)`,
    );
    await page.click('#node-dialog-cancel');
    await until(page, `document.getElementById('red-ui-sidebar').offsetWidth === ${large}`);
  });

  it('follows the theme while it is open, text and picture', async () => {
    const { page } = suite;
    await showChart(page);
    await page.evaluate(`RED.actions.invoke('core:show-user-settings')`);
    await page.selectOption('#user-settings-view-dark-theme', 'dark');
    await until(page, `document.querySelector('.chartwire-tab-text .monaco-editor').classList.contains('vs-dark')`);
    const paper = await page.evaluate<string>(
      `getComputedStyle(document.querySelector('.chartwire-tab-picture')).backgroundColor`,
    );
    assert.ok(Number(/\d+/.exec(paper)?.[0]) < 64, paper);
  });
});

async function boxOf(page: Page, selector: string): Promise<[number, number, number, number]> {
  const { x, y, width, height } = (await page.locator(selector).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  return [x, y, width, height];
}
