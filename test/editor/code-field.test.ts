import assert from 'node:assert/strict';
import { openEditor } from '../support/browser.ts';
import { startChartwire, type TestHost } from '../support/host.ts';

const FUNC = 'msg.payload = 1;\nreturn msg;';

describe('the code of a script node', function () {
  this.timeout(120_000);
  let host: TestHost;
  before(async () => {
    host = await startChartwire();
    await host.api('flows', {
      method: 'POST',
      body: [
        { id: 'tab', type: 'tab', label: 'test' },
        { id: 'code', type: 'chartwire-script', z: 'tab', func: FUNC, outputs: 1, x: 200, y: 100, wires: [[]] },
      ],
    });
  });
  after(() => host?.stop());

  it('is written in Node-RED’s own code editor, and kept when the form is done', async () => {
    await using editor = await openEditor(host);
    const { page } = editor;
    const open = async (): Promise<void> => {
      await page.evaluate(`RED.editor.edit(RED.nodes.node('code'))`);
      await page.waitForSelector('#node-input-func ~ .chartwire-code .view-line');
    };
    const stored = (): Promise<string> => page.evaluate<string>(`RED.nodes.node('code').func`);
    const write = async (text: string): Promise<void> => {
      await page.click('#node-input-func ~ .chartwire-code .view-lines');
      await page.keyboard.press('Control+Home');
      await page.keyboard.type(text);
    };
    await open();
    await write('// first');
    await page.keyboard.press('Enter');
    await page.click('#node-dialog-ok');
    await page.waitForSelector('.red-ui-tray', { state: 'detached' });
    assert.equal(await stored(), `// first\n${FUNC}`);

    await open();
    await write('// never ');
    await page.click('#node-dialog-cancel');
    await page.waitForSelector('.red-ui-tray', { state: 'detached' });
    assert.equal(await stored(), `// first\n${FUNC}`);
  });
});
