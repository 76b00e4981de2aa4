import assert from 'node:assert/strict';
import { EditorSuite } from '../support/editor-suite.ts';
import { contrastOf, LEAST_CONTRAST } from './contrast.ts';
import { openDialog, untilRight } from './dialog.ts';

describe('the look of Import chart', function () {
  this.timeout(120_000);
  const suite = new EditorSuite();

  for (const scheme of ['light', 'dark'] as const) {
    it(`can be read in the ${scheme} theme`, async () => {
      const { editor, page } = suite;
      await editor.reload({ scheme });
      const readable = async (selector: string): Promise<void> => {
        const contrast = await page.evaluate<number>(contrastOf(selector));
        assert.ok(contrast >= LEAST_CONTRAST, `${selector} has a contrast of ${contrast.toFixed(1)}`);
      };
      assert.equal(
        await page.evaluate(`document.documentElement.classList.contains('nr-theme-dark')`),
        scheme === 'dark',
      );
      await openDialog(page);
      await page.fill(
        '#chartwire-chart-text',
        'flowchart LR\n  A[Sensor] --> B{Choose Protocol}\n  B -->|MQTT| C[Broker]\n',
      );
      await untilRight(page);
      for (const part of [
        'textarea',
        '.chartwire-chart-summary span',
        '.chartwire-chart-boxes th',
        '.chartwire-chart-boxes td:last-child',
        '.chartwire-chart-chip',
      ]) {
        await readable(`.chartwire-chart ${part}`);
      }
      await editor.screenshot(`import-chart-${scheme}`);
      await page.fill('#chartwire-chart-text', 'flowchart LR\n  A[Sensor (indoor)] --> B\n');
      await page.waitForSelector('.chartwire-chart-problem');
      for (const part of ['strong', 'pre', 'button', '.chartwire-chart-note'])
        await readable(`.chartwire-chart-problem ${part}`);
      await editor.screenshot(`import-chart-wrong-${scheme}`);
    });
  }

  it('fits a small window: whatever it shows, Import can be pressed', async () => {
    const { page } = suite;
    await page.setViewportSize({ width: 640, height: 520 });
    await page.keyboard.press('Alt+Shift+M');
    const charts = Array.from({ length: 4 }, (_, at) => `\`\`\`mermaid\ngraph TD\nA${at}-->B-->C-->D-->E\n\`\`\`\n`);
    await page.fill('#chartwire-chart-text', charts.join(''));
    await untilRight(page);
    const box = await page.locator('#chartwire-chart-import').boundingBox();
    assert.ok(box !== null && box.y + box.height <= 520 && box.x + box.width <= 640, JSON.stringify(box));
  });

  it('names every control for a screen reader and tells the result of the check by itself', async () => {
    const { page } = suite;
    await openDialog(page);
    assert.equal(await page.getByRole('dialog', { name: 'Import chart' }).count(), 1);
    assert.equal(await page.getByRole('textbox', { name: 'Mermaid flowchart' }).count(), 1);
    assert.equal(await page.getByRole('textbox', { name: 'Name of the tab' }).count(), 1);
    assert.equal(await page.getByRole('button', { name: 'Import', exact: true }).count(), 1);
    await page.fill('#chartwire-chart-text', 'flowchart LR\n  A --> B\n');
    await untilRight(page);
    assert.match((await page.getByRole('status').filter({ hasText: 'boxes' }).textContent()) ?? '', /2 boxes, 1 arrow/);
    assert.equal(await page.getByRole('columnheader', { name: 'Becomes' }).count(), 1);
  });
});
