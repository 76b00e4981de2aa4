import assert from 'node:assert/strict';
import { until } from '../support/browser.ts';
import { EditorSuite } from '../support/editor-suite.ts';
import { appendToChart, chartText, invoke, named, showChart, untilSaid, writeChart } from './chart-tab.ts';
import { flow } from './dialog.ts';

const EVIL = `flowchart LR
  A["<img src=x onerror=ran()>"] -->|"<svg onload=ran()>"| B["<script>ran()</script>"]
  B --> C["\`**bold** <a href='javascript:ran()'>x</a>\`"]
  C --> __proto__["👩‍🚀 מערכת עם תווית 🧀"] --> constructor
  subgraph toString ["<iframe srcdoc='<script>ran()</script>'>"]
    D@{ shape: doc, label: "<style>*{display:none}</style>" }
  end
  classDef evil behavior:ran,stroke:red
  class A evil
  click A "javascript:ran()" "<b onmouseover=ran()>tip</b>"
  click B ran
  click C call ran()
  click D href "data:text/html,<script>ran()</script>" _blank
`;

describe('a chart that means harm, in the tab', function () {
  this.timeout(180_000);
  const suite = new EditorSuite({
    prepare: async (page) => {
      await page.evaluate('window.ran = () => { window.harmed = true; }; window.alert = window.ran;');
      await showChart(page);
    },
  });

  it('runs no script: markup, styles and click handlers are text or nothing, before and after it is applied', async () => {
    const { page } = suite;
    await writeChart(page, EVIL);
    await until(page, `document.querySelectorAll('.chartwire-box').length === 6`);
    await until(page, `${named('Develop Client')} === undefined`);
    const inside = `document.querySelectorAll('.chartwire-tab :is(img, script, iframe, a, foreignObject, b, [href], [onload], [onclick], [onerror], [onmouseover])').length`;
    assert.equal(await page.evaluate(inside), 0);
    assert.equal(await page.locator('#red-ui-workspace-chart :is(img, script, iframe, foreignObject)').count(), 0);
    for (const id of ['A', 'B', 'C', 'D', '__proto__', 'constructor']) {
      await page.evaluate(
        `document.querySelector('.chartwire-box[data-id="${id}"]').dispatchEvent(new MouseEvent('click', { bubbles: true }))`,
      );
      await page.evaluate(
        `document.querySelector('.chartwire-box[data-id="${id}"]').dispatchEvent(new MouseEvent('mouseover', { bubbles: true }))`,
      );
    }
    assert.equal(
      await page.evaluate(`document.querySelector('.chartwire-box[data-id="A"] .chartwire-shape').style.fill`),
      '',
    );
    assert.match((await page.textContent('.chartwire-box[data-id="__proto__"]')) ?? '', /👩‍🚀 מערכת עם תווית 🧀/);
    await suite.editor.screenshot('chart-evil');
    await invoke(page, 'core:undo');
    await until(page, `${named('Develop Client')} !== undefined`);
    assert.equal(await page.evaluate('window.harmed === undefined'), true);
  });

  it('is told its limit when it has 100,000 lines, and can go on being written', async () => {
    const { page } = suite;
    const before = await flow(page);
    const lines = Array.from({ length: 100_000 }, (_, at) => `a${at % 10}-->b`).join('\n');
    await page.evaluate((text) => {
      // A paste of this size through the keyboard would measure the driver of the browser.
      (window as unknown as { monaco: { editor: { getEditors(): { setValue(text: string): void }[] } } }).monaco.editor
        .getEditors()
        .at(-1)
        ?.setValue(text);
    }, `flowchart LR\n${lines}`);
    await untilSaid(page, 'CHART_TOO_LARGE: the chart has more than 20000 lines');
    await appendToChart(page, '\nlast');
    await until(page, `window.monaco.editor.getEditors().at(-1).getValue().endsWith('last')`);
    assert.deepEqual(await flow(page), before);
    await invoke(page, 'chartwire:discard-chart-edits');
    await until(page, `window.monaco.editor.getEditors().at(-1).getValue().startsWith('graph TD')`);
    assert.match(await chartText(page), /Choose Protocol/);
  });
});
