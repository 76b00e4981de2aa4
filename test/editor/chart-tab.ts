import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { until } from '../support/browser.ts';

/** The chart of the mission: what a new home runs. */
export const MISSION = readFileSync(join(import.meta.dirname, '../charts/corpus/00-seed.mmd'), 'utf8');

/** Shows the tab Chart and resolves when its text and its picture are there. */
export async function showChart(page: Page): Promise<void> {
  await page.evaluate(`RED.actions.invoke('chartwire:show-chart')`);
  await page.waitForSelector('.chartwire-tab-text .view-lines');
  await page.waitForSelector('.chartwire-picture');
}

/** What is written in the tab. */
export const chartText = (page: Page): Promise<string> =>
  page.evaluate<string>(`window.monaco.editor.getEditors().at(-1).getValue()`);

/** The text that the flow's chart node keeps. */
export const keptText = (page: Page): Promise<string> =>
  page.evaluate<string>(
    `(() => { let text; RED.nodes.eachConfig((node) => { if (node.type === 'chartwire-chart' && node.z === RED.workspaces.active()) text = node.text; }); return text; })()`,
  );

export const focusText = (page: Page): Promise<unknown> =>
  page.evaluate('window.monaco.editor.getEditors().at(-1).focus()');

/** Writes another text, as a person who selects all and pastes. */
export async function writeChart(page: Page, text: string): Promise<void> {
  await focusText(page);
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(text);
}

/** Writes at the end. */
export async function appendToChart(page: Page, text: string): Promise<void> {
  await focusText(page);
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText(text);
}

/** Resolves when the line below the chart says so. */
export const untilSaid = (page: Page, words: string): Promise<void> =>
  until(page, `document.querySelector('.chartwire-tab-status').textContent.includes(${JSON.stringify(words)})`);

/** Nodes on the tab that is shown, by name. */
export const names = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(`RED.nodes.filterNodes({ z: RED.workspaces.active() }).map(({ name }) => name).sort()`);

/** JavaScript for the node of this name. */
export const named = (name: string): string =>
  `RED.nodes.filterNodes({ z: RED.workspaces.active() }).find((node) => node.name === ${JSON.stringify(name)})`;

export const invoke = (page: Page, action: string): Promise<unknown> =>
  page.evaluate(`RED.actions.invoke('${action}')`);
