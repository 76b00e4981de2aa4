import type { Page } from 'playwright-core';
import { until } from '../support/browser.ts';

/** The tabs of the editor, by label, in order. */
export const tabs = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>('RED.nodes.getWorkspaceOrder().map((id) => RED.nodes.workspace(id).label)');

/** Everything the editor would deploy. */
export const flow = (page: Page): Promise<unknown> => page.evaluate('RED.nodes.createCompleteNodeSet()');

/** Opens Import chart from the main menu. */
export async function openDialog(page: Page): Promise<void> {
  await page.click('#red-ui-header-button-sidemenu');
  await page.click('#menu-item-chartwire-import-chart');
  await page.waitForSelector('#chartwire-chart-text');
}

/** Puts text where the focus is, as a paste does. */
export async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((value) => navigator.clipboard.writeText(value), text);
  await page.keyboard.press('Control+V');
}

/** Drops a file on an element, as the browser tells it to the page. */
export async function drop(page: Page, selector: string, files: Readonly<Record<string, string>>): Promise<void> {
  const make = `(files) => {
    const data = new DataTransfer();
    for (const [name, text] of Object.entries(files)) data.items.add(new File([text], name));
    return data;
  }`;
  const dataTransfer = await page.evaluateHandle(`(${make})(${JSON.stringify(files)})`);
  for (const type of ['dragenter', 'dragover', 'drop']) await page.dispatchEvent(selector, type, { dataTransfer });
}

/** Resolves when the dialog says what the chart becomes. */
export async function untilRight(page: Page): Promise<void> {
  await page.waitForSelector('.chartwire-chart-summary');
  await until(page, `document.querySelector('#chartwire-chart-import').disabled === false`);
}

/** Presses Import and resolves when the new tab is shown. */
export async function importIt(page: Page): Promise<void> {
  const before = await page.evaluate<string>('RED.workspaces.active()');
  await page.click('#chartwire-chart-import');
  await page.waitForSelector('.chartwire-chart', { state: 'detached' });
  await until(page, `RED.workspaces.active() !== ${JSON.stringify(before)}`);
}

/** From now on no pause ends that is made for somebody who writes: what comes after it never comes. */
export const holdPauses = (page: Page): Promise<unknown> =>
  page.evaluate(`(() => {
    const later = window.setTimeout;
    window.setTimeout = (act, ms, ...rest) => (ms >= 150 && ms < 1_000 ? 0 : later(act, ms, ...rest));
  })()`);
