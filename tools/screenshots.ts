// Takes the pictures of docs/images again, from the running program: `npm run build`, then `node tools/screenshots.ts`.
import { join } from 'node:path';
import { openEditor, until, type Editor } from '../test/support/browser.ts';
import { startChartwire } from '../test/support/host.ts';
import { root } from './build/find-nodes.ts';

/** The chart of the tour in README.md. */
const TOUR_CHART = `flowchart LR
  Sensor -->|readings| Check{in range?}
  Check -->|yes| Store[(History)]
  Check -->|no| Alarm
`;
/** By then all three branches have carried, whatever the devices are. */
const READINGS_AT_LEAST = 120;

await using host = await startChartwire();
{
  await using editor = await openNarrow(1120, 600);
  const { page } = editor;
  await until(
    page,
    `[...document.querySelectorAll('.red-ui-flow-node-status-label')].some((label) => Number(/^(\\d+) readings/.exec(label.textContent)?.[1]) >= ${READINGS_AT_LEAST})`,
  );
  await page.waitForSelector('.red-ui-popover', { state: 'detached' });
  await page.screenshot({ path: picture('mission') });
}
{
  await using editor = await openNarrow(1120, 760);
  const { page } = editor;
  await page.keyboard.press('Alt+Shift+M');
  await page.fill('#chartwire-chart-text', TOUR_CHART);
  await page.waitForSelector('.chartwire-chart-summary');
  await page.locator('.ui-dialog:has(.chartwire-chart)').screenshot({ path: picture('import') });
}

{
  await using editor = await openNarrow(1440, 840);
  const { page } = editor;
  await page.evaluate(`RED.actions.invoke('core:toggle-right-sidebar', true)`);
  await page.evaluate(`RED.actions.invoke('chartwire:show-chart')`);
  await page.waitForSelector('.chartwire-picture');
  await page.evaluate(`RED.actions.invoke('core:zoom-fit')`);
  await page.keyboard.press('Escape');
  await page.evaluate(`RED.actions.invoke('chartwire:show-live-figures')`);
  await until(page, `document.querySelectorAll('.chartwire-wire-flowing').length >= 9`);
  await until(page, `document.querySelectorAll('.chartwire-arrow .chartwire-live-text').length >= 9`);
  await page.mouse.move(400, 600);
  await page.screenshot({ path: picture('live') });
}

/** An editor with room for the chart only. */
async function openNarrow(width: number, height: number): Promise<Editor> {
  const editor = await openEditor(host);
  const { page } = editor;
  await page.setViewportSize({ width, height });
  await page.evaluate(
    `RED.actions.invoke('core:toggle-left-sidebar', false); RED.actions.invoke('core:toggle-right-sidebar', false)`,
  );
  // Away from the buttons: none is to tell its name.
  await page.mouse.move(width / 2, height - 100);
  // The view fits its chart a moment after it was drawn first; now there is more room.
  await page.evaluate(`RED.actions.invoke('core:zoom-fit')`);
  return editor;
}

function picture(name: string): string {
  return join(root, 'docs/images', `${name}.png`);
}
