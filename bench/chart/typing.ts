import type { Page } from 'playwright-core';
import { openEditor } from '../../test/support/browser.ts';
import { startChartwire } from '../../test/support/host.ts';
import type { CaseLine } from '../bench.ts';
import { median } from '../median.ts';
import { againstLimit } from './against-limit.ts';
import { chartOf } from './chart-of.ts';

const BOXES = 200;
const LIMIT_MS = 50;
/** Pauses between keys, in ms: of a fast writer, and so long that the chart is read, drawn and compared between two keys. */
const PAUSES = [60, 120, 190, 230, 280, 480, 700];
const WHAT = 'a key in the tab Chart, 200 boxes';

/** How long a key waits until the browser has painted it and is idle again, in the real editor. */
export async function* typingCases(quick: boolean): AsyncIterable<CaseLine> {
  await using host = await startChartwire();
  const opened = await openEditor(host).catch((error: unknown) => String(error));
  if (typeof opened === 'string') {
    yield { case: WHAT, peerName: 'the limit we set', skipped: opened.split('\n')[0] ?? '' };
    return;
  }
  await using editor = opened;
  const times = await keyTimes(editor.page, quick ? 60 : 200);
  yield againstLimit(`${WHAT}: median`, median(times), LIMIT_MS);
  const sorted = times.toSorted((one, other) => one - other);
  yield againstLimit(`${WHAT}: p95`, sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN, LIMIT_MS);
}

/** Begins with the time the browser itself gave the key, so that a key which waits for other work counts with that. */
const NOTE = `
  window.keyTimes = [];
  document.querySelector('.chartwire-tab-text').addEventListener('keydown', ({ timeStamp }) => {
    requestAnimationFrame(() => setTimeout(() => window.keyTimes.push(performance.now() - timeStamp)));
  }, true);
`;

async function keyTimes(page: Page, keys: number): Promise<number[]> {
  await page.evaluate(`RED.actions.invoke('chartwire:show-chart')`);
  await page.waitForSelector('.chartwire-tab-text .view-lines');
  await page.waitForSelector('.chartwire-picture');
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(chartOf(BOXES));
  await page.waitForSelector('.chartwire-tab-status:has-text("say the same")');
  await page.waitForSelector(`.chartwire-box[data-id="b${BOXES - 1}"]`, { state: 'attached' });
  // Inside a label, so that the chart is right after every key.
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText('\n  b1 --> fresh["x"]');
  await page.waitForSelector('.chartwire-tab-status:has-text("say the same")');
  for (const key of ['End', 'ArrowLeft', 'ArrowLeft']) await page.keyboard.press(key);
  await page.evaluate(NOTE);
  for (let key = 0; key < keys; key += 1) {
    await page.keyboard.press(String.fromCharCode(97 + (key % 26)));
    await page.waitForTimeout(PAUSES[key % PAUSES.length] ?? 100);
  }
  return page.evaluate<number[]>('window.keyTimes');
}
