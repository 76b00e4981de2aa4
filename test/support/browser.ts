import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium, type Browser, type Page } from 'playwright-core';
import { PASSWORD, type TestHost } from './host.ts';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const SIZE = { width: 1440, height: 900 };
/** Where {@link Editor.screenshot} writes; git ignores it. */
const PICTURES = join(import.meta.dirname, '../../dist/screenshots');
/** The slowest that anything in the editor may be on a busy machine, in ms. */
const HAPPENS_WITHIN_MS = 60_000;
const POLL_EVERY_MS = 50;

/** A Node-RED editor in a real browser, logged in. */
export interface Editor extends AsyncDisposable {
  readonly page: Page;
  /** What went wrong in the page so far: errors, failed requests, and requests to any other machine. */
  readonly problems: readonly string[];
  /** Writes the page as PNG and resolves with the file. */
  screenshot(name: string): Promise<string>;
  /** Presses Deploy and waits until the runtime has the flow. */
  deploy(): Promise<void>;
  /** Loads the editor again as it is after a login: what was not deployed is gone, and what we keep in the browser too. */
  reload(options?: EditorOptions): Promise<void>;
  /** Throws when the page had problems; each is told once. */
  assertNoProblems(): void;
  /** Closes the browser; throws when the page had problems. */
  close(): Promise<void>;
}

export interface EditorOptions {
  readonly scheme?: 'light' | 'dark';
}

/**
 * Resolves when the expression is true in the page. Playwright's own `waitForFunction` evaluates text in the page later,
 * which the editor's content security policy forbids, as it should.
 */
export async function until(page: Page, expression: string): Promise<void> {
  const giveUpAt = Date.now() + HAPPENS_WITHIN_MS;
  while (!(await page.evaluate<boolean>(expression))) {
    if (Date.now() > giveUpAt) throw new Error(`never became true: ${expression}`);
    await delay(POLL_EVERY_MS);
  }
}

/** Opens the editor of a running host, logs in by its form, and resolves when its flows are drawn. */
export async function openEditor(
  host: Pick<TestHost, 'url'>,
  { scheme = 'light' }: EditorOptions = {},
): Promise<Editor> {
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: ARGUMENTS,
  });
  try {
    const context = await browser.newContext({
      viewport: SIZE,
      ignoreHTTPSErrors: true,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    context.setDefaultTimeout(HAPPENS_WITHIN_MS);
    // Node-RED 5 keeps this setting in the browser, and is light without it.
    await context.addInitScript(
      (value) => localStorage.getItem('view-dark-theme') ?? localStorage.setItem('view-dark-theme', value),
      scheme,
    );
    // The editor's palette manager asks this at every start; tests depend on no other machine.
    await context.route('https://catalogue.nodered.org/**', (route) =>
      route.fulfill({ json: { name: 'none', modules: [] } }),
    );
    const page = await context.newPage();
    const problems = watch(page, host.url);
    await page.goto(host.url);
    await logIn(page);
    await loaded(page);
    return editor(browser, page, problems);
  } catch (error) {
    await browser.close();
    throw error;
  }
}

async function loaded(page: Page): Promise<void> {
  await page.waitForSelector('#red-ui-header-tabs');
  await page.waitForSelector('#red-ui-loading-progress', { state: 'hidden' });
}

function editor(browser: Browser, page: Page, problems: string[]): Editor {
  const assertNoProblems = (): void => {
    if (problems.length > 0) throw new Error(`the page had problems:\n${problems.splice(0).join('\n')}`);
  };
  const close = async (): Promise<void> => {
    await browser.close();
    assertNoProblems();
  };
  return {
    page,
    problems,
    async screenshot(name) {
      await mkdir(PICTURES, { recursive: true });
      const path = join(PICTURES, `${name}.png`);
      await page.screenshot({ path });
      return path;
    },
    async deploy() {
      const deployed = page.waitForResponse(
        (response) => response.url().endsWith('/flows') && response.request().method() === 'POST',
      );
      await page.click('#red-ui-header-button-deploy');
      const response = await deployed;
      if (!response.ok()) throw new Error(`the deploy was refused: ${response.status()} ${await response.text()}`);
      await until(page, 'RED.nodes.dirty() === false');
    },
    async reload({ scheme = 'light' } = {}) {
      await page.evaluate((value) => {
        // The sizes of the sidebar are the runtime's, so what we know of them stays too.
        const own = (name: string): boolean => name.startsWith('chartwire') && name !== 'chartwire-chart-room';
        for (const name of Object.keys(localStorage).filter(own)) localStorage.removeItem(name);
        localStorage.setItem('view-dark-theme', value);
      }, scheme);
      await page.setViewportSize(SIZE);
      await page.reload({ waitUntil: 'commit' });
      await loaded(page);
    },
    assertNoProblems,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function logIn(page: Page): Promise<void> {
  await page.fill('#node-dialog-login-username', 'admin');
  await page.fill('#node-dialog-login-password', PASSWORD);
  await page.click('#node-dialog-login-submit');
}

/** Chromium notes every answer that is no success: 401 asks for the login, 422 says what is wrong with a chart. */
const HARMLESS = [/status of 401/, /status of 422/];
/** Node-RED shows a tip a second after its settings have come, though the place for it may come later. */
const TIP_TOO_EARLY = /reading 'html'\)\s+at \w+ \(\S+\/red\.min\.js\S*\)$/;
const HARMLESS_HOST = 'catalogue.nodered.org';

function watch(page: Page, url: string): string[] {
  const { origin, host } = new URL(url);
  const problems: string[] = [];
  page.on('pageerror', ({ stack, message }) => {
    if (!TIP_TOO_EARLY.test(stack ?? '')) problems.push(`error: ${stack ?? message}`);
  });
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && !HARMLESS.some((known) => known.test(text))) problems.push(`console: ${text}`);
  });
  page.on('request', (request) => {
    const asked = new URL(request.url());
    const local = asked.origin === origin || asked.host === host || ['data:', 'blob:'].includes(asked.protocol);
    if (!local && asked.host !== HARMLESS_HOST) problems.push(`asked another machine: ${request.url()}`);
  });
  return problems;
}
