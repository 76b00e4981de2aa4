import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEditor, until, type Editor } from '../support/browser.ts';
import { unusedPort } from '../support/unused-port.ts';
import { waitFor } from '../support/wait-for.ts';
import { named, untilSaid } from './chart-tab.ts';

const root = join(import.meta.dirname, '../..');

/** Somebody's own Node-RED with our nodes, another code editor and other limits; anybody may log in. */
const SETTINGS = `
const settings = require(${JSON.stringify(join(root, 'dist/settings.js'))});
const user = (username) => Promise.resolve({ username, permissions: '*' });
module.exports = {
  ...settings,
  uiHost: '127.0.0.1',
  adminAuth: { type: 'credentials', users: user, authenticate: user },
  editorTheme: { ...settings.editorTheme, codeEditor: { lib: 'ace' } },
  'chartwire-chart': { maxLines: 100, applyAfterMs: 300, maxPictureBoxes: -1 },
};
`;

describe('the tab Chart in a Node-RED of somebody else’s, with the code editor ACE and limits of its own', function () {
  this.timeout(180_000);
  let home: string;
  let program: ChildProcess;
  let ended: Promise<unknown>;
  let editor: Editor;
  let printed = '';
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'chartwire-ace-'));
    const settings = join(home, 'settings.cjs');
    await writeFile(settings, SETTINGS);
    const port = await unusedPort();
    const red = join(root, 'node_modules/node-red/red.js');
    program = spawn(process.execPath, [red, '-u', home, '-s', settings, '-p', String(port)], { stdio: 'pipe' });
    ended = once(program, 'exit');
    for (const stream of [program.stdout, program.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
      });
    const url = `http://127.0.0.1:${port}/`;
    await waitFor('the editor', () => fetch(url).catch(() => undefined), { withinMs: 60_000 });
    editor = await openEditor({ url });
  });
  after(async () => {
    await editor?.close();
    program.kill('SIGTERM');
    await ended;
    await rm(home, { recursive: true, force: true });
  });

  it('writes both ways in a text area, and keeps those limits', async () => {
    const { page } = editor;
    await page.evaluate(`(() => {
      const z = RED.workspaces.active();
      RED.nodes.import([
        { id: 'abc0000000000002', type: 'inject', z, name: 'Every day', x: 100, y: 100, wires: [['abc0000000000003']] },
        { id: 'abc0000000000003', type: 'debug', z, name: 'Look', x: 300, y: 100, wires: [] },
      ], { generateIds: false, addFlow: false });
      RED.actions.invoke('chartwire:show-chart');
    })()`);
    const area = page.locator('.chartwire-tab-text textarea');
    await area.waitFor();
    assert.equal(await page.evaluate('window.monaco === undefined'), true);
    assert.match((await area.getAttribute('aria-label')) ?? '', /Mermaid flowchart/);
    await until(page, `document.querySelectorAll('.chartwire-box').length === 2`);
    await area.press('Control+End');
    await page.keyboard.insertText('\nlook --> more[More of it]');
    await until(page, `${named('More of it')} !== undefined`);
    await page.evaluate(`RED.actions.invoke('core:undo')`);
    await until(page, `!document.querySelector('.chartwire-tab-text textarea').value.includes('More of it')`);
    await page.keyboard.insertText('\n%%'.repeat(100));
    await untilSaid(page, 'CHART_TOO_LARGE: the chart has more than 100 lines');
    assert.match(printed, /SETTING_INVALID: chartwire-chart\.maxPictureBoxes is not a whole number/);
  });
});
