import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { until } from '../support/browser.ts';
import { EditorSuite } from '../support/editor-suite.ts';
import { showChart } from './chart-tab.ts';
import { importIt, openDialog, untilRight } from './dialog.ts';

/** A circle, and a box that takes more than it is ever done with. */
const CIRCLE = `---
flow:
  S: chartwire-devices
  Q: { type: chartwire-script, outputs: 2, outs: [one, other], func: "return [undefined, msg];" }
  W: { type: chartwire-script, func: "await new Promise((resolve) => setTimeout(resolve, 60_000));" }
---
flowchart LR
  S[Start] --> A[Work] --> B[Again] --> A
  S --> W[Wait]
  S --> Q{Which?}
  Q -->|one| T[End]
  Q -->|other| T
`;

/** Figures in the picture that lie on other figures, or on a box. */
const OVERLAPPING = `(() => {
  const texts = [...document.querySelectorAll('.chartwire-picture .chartwire-live-text')];
  const shapes = [...document.querySelectorAll('.chartwire-shape')];
  const place = (element) => element.getBoundingClientRect();
  const lies = (one, other) =>
    Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1 && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 1;
  return texts.filter((text, at) =>
    [...texts.slice(at + 1), ...(text.closest('.chartwire-arrow') === null ? [] : shapes)].some((other) => lies(place(text), place(other))),
  ).map((text) => text.textContent);
})()`;

describe('the live figures', function () {
  this.timeout(180_000);
  const suite = new EditorSuite();

  const labels = `[...document.querySelectorAll('.chartwire-live-label')]`;
  const flows = `${labels}.some((label) => /\\d\\/s.*ms/.test(label.textContent))`;

  const shown = async (page: Page): Promise<void> => {
    await showChart(page);
    await page.keyboard.press('Escape');
    await page.evaluate(`document.activeElement.blur()`);
    await page.keyboard.press('Alt+Shift+L');
    await until(page, flows);
  };

  for (const scheme of ['light', 'dark'] as const) {
    it(`stand at every node and wire, on the canvas and in the picture, in the ${scheme} theme, and go again`, async () => {
      const { editor, page } = suite;
      await editor.reload({ scheme });
      await shown(page);
      const badges = `[...document.querySelectorAll('.chartwire-live-badge:not(.hide) text')]`;
      await until(page, `${badges}.length === 9 && ${badges}.some((badge) => /[1-9]/.test(badge.textContent))`);
      await until(page, `document.querySelectorAll('.chartwire-wire-flowing').length >= 6`);
      await until(page, `document.querySelectorAll('.chartwire-box .chartwire-live-text').length === 9`);
      await until(page, `document.querySelectorAll('.chartwire-arrow .chartwire-live-text').length >= 6`);
      // Times are those of a sample; bytes are of what was in it.
      const saysAll = `.filter((one) => /\\d\\/s.*ms/.test(one.textContent) && /B\\/s/.test(one.textContent)).length >= 6`;
      // Where the canvas is too full for bytes, the mouse shows them.
      await until(page, `${labels}${saysAll.replace('>= 6', '>= 4')}`);
      await until(page, `[...document.querySelectorAll('.chartwire-arrow .chartwire-live-text')]${saysAll}`);
      await until(page, `[...document.querySelectorAll('.red-ui-flow-link > title')]${saysAll}`);
      assert.deepEqual(await page.evaluate(OVERLAPPING), []);
      await editor.screenshot(`live-${scheme}`);
      await page.click('.chartwire-live-legend button');
      await until(page, `${labels}.length === 0 && document.querySelectorAll('.chartwire-live-text').length === 0`);
      assert.equal(await page.locator('.chartwire-live-badge:not(.hide)').count(), 0);
      assert.equal(await page.locator('[class*="chartwire-wire-"], .red-ui-flow-link > title').count(), 0);
    });
  }

  it('change in the badge that is there, and wires that are moved take theirs along', async () => {
    const { page } = suite;
    await shown(page);
    const badges = `[...document.querySelectorAll('.chartwire-live-badge:not(.hide)')]`;
    await until(page, `${badges}.filter((badge) => /[1-9]/.test(badge.textContent)).length === 9`);
    // How much goes each way is another in every second.
    await page.evaluate(`window.said = ${badges}.map((badge) => [badge.firstChild, badge.textContent])`);
    await until(page, `window.said.some(([badge, text]) => badge.isConnected && badge.textContent !== text)`);
    const lowest = `Math.max(...${labels}.flatMap((label) => [...label.children].map((line) => Number(line.getAttribute('y')))))`;
    const before = await page.evaluate<number>(lowest);
    await page.evaluate(`(() => {
      for (const node of RED.nodes.filterNodes({ z: RED.workspaces.active() })) Object.assign(node, { y: node.y + 500, dirty: true });
      RED.view.redraw(true);
    })()`);
    await until(page, `Math.abs(${lowest} - ${before} - 500) < 20`);
  });

  it('say what their colours mean where no sidebar lies on it, in a narrow window too', async () => {
    const { page } = suite;
    await page.setViewportSize({ width: 1280, height: 800 });
    await shown(page);
    await page.evaluate(`RED.actions.invoke('chartwire:show-direct-calls')`);
    for (const legend of ['.chartwire-live-legend', '.chartwire-path-legend']) {
      await page.waitForSelector(legend);
      await until(page, isClear(legend));
    }
    const width = `document.querySelector('.chartwire-live-legend').offsetWidth`;
    const narrow = await page.evaluate<number>(width);
    await page.evaluate(`RED.sidebar.show('info')`);
    await until(page, `${width} > ${narrow}`);
    await until(page, isClear('.chartwire-live-legend'));
  });

  it('are asked for once a second, by nobody while they are hidden', async () => {
    const { page } = suite;
    const asked: number[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/chartwire/live')) asked.push(Date.now());
    });
    await shown(page);
    await page.click('.chartwire-live-legend button');
    const count = asked.length;
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    assert.ok(asked.length <= count + 1, 'one may have been under way');
  });

  it('are told to nobody without a login', async () => {
    assert.equal((await fetch(new URL('/chartwire/live', suite.host.url))).status, 401);
  });

  it('leave with the chart: at its arrows, with the time', async () => {
    const { page } = suite;
    await shown(page);
    await until(page, `document.querySelectorAll('.chartwire-arrow .chartwire-live-text').length >= 6`);
    const download = page.waitForEvent('download');
    await page.selectOption('.chartwire-tab-export', 'figures');
    const chunks: Buffer[] = [];
    for await (const chunk of await (await download).createReadStream()) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    assert.match(text, /^---\ntitle: "measured \d{4}-\d\d-\d\dT.*"\n---\n/);
    assert.match(text, /B -->\|"MQTT<br\/>\d.*\/s.*"\| C\[/);
    assert.match(text, /A\[Start\] -->\|"\d.*\/s.*ms.*"\| B\{/);
  });

  it('mark back-pressure and a loop guard that drops, on the canvas and in the picture', async () => {
    const { editor, page } = suite;
    await openDialog(page);
    await page.fill('#chartwire-chart-text', CIRCLE);
    await page.fill('#chartwire-chart-name', 'Circle');
    await untilRight(page);
    await importIt(page);
    await editor.deploy();
    await shown(page);
    const badge = (mark: string): string =>
      `[...document.querySelectorAll('.chartwire-live-badge:not(.hide) text')].some((text) => text.textContent.includes('${mark}'))`;
    const box = (id: string, mark: string): string =>
      `document.querySelector('.chartwire-box[data-id="${id}"].chartwire-held .chartwire-live-text')?.textContent.includes('${mark}')`;
    for (const seen of [badge('loop guard'), box('A', 'loop guard'), badge('back-pressure'), box('W', 'back-pressure')])
      await until(page, seen);
    // Of two arrows between the same boxes each has its own.
    await until(
      page,
      `/\\d\\/s/.test(document.querySelector('.chartwire-arrow[data-id="L_Q_T_2"] .chartwire-live-text')?.textContent)`,
    );
    assert.equal(await page.locator('.chartwire-arrow[data-id="L_Q_T_0"] .chartwire-live-text').count(), 0);
    await editor.screenshot('live-marks');
  });
});

/** JavaScript for: it is all on the canvas, left of the sidebar. */
const isClear = (legend: string): string =>
  `(([own, canvas, sidebar]) => own.left >= canvas.left && own.right <= sidebar.left)(
    [${JSON.stringify(legend)}, '#red-ui-workspace', '#red-ui-sidebar'].map((one) => document.querySelector(one).getBoundingClientRect()))`;
