import assert from 'node:assert/strict';
import { openEditor, until } from '../support/browser.ts';
import { EditorSuite } from '../support/editor-suite.ts';
import { startChartwire } from '../support/host.ts';

/** What is wrong with the form that is open, in words. */
const WRONG = `(() => {
  const tray = [...document.querySelectorAll('.red-ui-tray')].at(-1);
  const { right } = tray.querySelector('.red-ui-tray-body').getBoundingClientRect();
  const wrong = [...tray.querySelectorAll('.chartwire-row > label, .chartwire-row .chartwire-hint, .chartwire-row option')]
    .filter((element) => element.textContent.trim() === '')
    .map((element) => 'is empty: ' + element.outerHTML);
  for (const input of tray.querySelectorAll('.chartwire-row :is(input, select, textarea)')) {
    if (input.offsetParent === null || input.getAttribute('aria-hidden') === 'true') continue;
    if (input.labels.length === 0 && input.getAttribute('aria-label') === null) wrong.push('has no name: ' + input.outerHTML);
    if (input.getBoundingClientRect().right > right) wrong.push('runs over: ' + input.outerHTML);
    const hint = input.getAttribute('aria-describedby');
    if (hint !== null && document.getElementById(hint) === null) wrong.push('has no hint: ' + input.outerHTML);
  }
  const pen = document.createElement('canvas').getContext('2d');
  for (const select of tray.querySelectorAll('.chartwire-row select:not([aria-hidden=true])')) {
    const style = getComputedStyle(select);
    const arrow = 16;
    const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - arrow;
    pen.font = style.font;
    const cut = [...select.options].map(({ textContent }) => textContent).filter((text) => pen.measureText(text).width > room);
    if (select.offsetParent !== null && cut.length > 0) wrong.push('cuts off: ' + cut.join(', '));
  }
  return wrong;
})()`;

describe('the form of a node', function () {
  this.timeout(180_000);
  const suite = new EditorSuite();

  const close = async (): Promise<void> => {
    await suite.page.click('#node-dialog-cancel, #node-config-dialog-cancel');
    await suite.page.waitForSelector('.red-ui-tray', { state: 'detached' });
  };
  /** Puts a node as a flow of another program would have it, without our settings, and opens its form. */
  const edit = async (type: string): Promise<void> => {
    await suite.page.evaluate(`(() => {
      const entry = { id: RED.nodes.id(), type: ${JSON.stringify(type)}, z: RED.workspaces.active(), x: 200, y: 500, wires: [] };
      RED.nodes.import([entry], { generateIds: false });
      RED.view.redraw(true);
      window.edited = RED.nodes.node(entry.id);
      RED.editor.edit(window.edited);
    })()`);
    await suite.page.waitForSelector('.red-ui-tray .chartwire-row');
    // The tray takes the focus a moment after it is drawn.
    await until(suite.page, `document.activeElement.closest('.red-ui-tray-body') !== null`);
  };

  it('names and explains each setting, and fits its place, for every node of ours', async () => {
    const { page } = suite;
    const types = await page.evaluate<{ type: string; config: boolean }[]>(
      `RED.nodes.registry.getNodeList().flatMap(({ types }) => types).filter((type) => type.startsWith('chartwire-'))
        .map((type) => ({ type, config: RED.nodes.getType(type).category === 'config' }))`,
    );
    assert.ok(types.length > 20);
    for (const { type, config } of types) {
      if (config)
        await page.evaluate(`RED.editor.editConfig('', ${JSON.stringify(type)}, '_ADD_', 'node-input-none', null)`);
      else await edit(type);
      await page.waitForSelector('.red-ui-tray .chartwire-row');
      assert.deepEqual(await page.evaluate(WRONG), [], type);
      await close();
    }
  });

  it('takes what a flow leaves out for its default, and what is wrong in it for wrong', async () => {
    const { page } = suite;
    for (const type of ['chartwire-websocket-out', 'chartwire-peer-in', 'chartwire-http2-request']) {
      await edit(type);
      const wrong = `(RED.editor.validateNode(window.edited), (window.edited.validationErrors ?? []).join())`;
      assert.equal(await page.evaluate(wrong), '', type);
      await page.evaluate(`window.edited.topic = window.edited.url = 7`);
      assert.match(await page.evaluate<string>(wrong), /must be text/, type);
      await close();
    }
  });

  it('shows the rows the runtime takes when the flow has none, and leaves them out of the flow until they change', async () => {
    const { page } = suite;
    await edit('chartwire-choose');
    const labels = `[...document.querySelectorAll('#node-input-branches-rows [data-column="label"]')].map(({ value }) => value)`;
    assert.deepEqual(await page.evaluate(labels), ['MQTT', 'HTTP', 'WebSocket']);
    await page.click('#node-dialog-ok');
    await page.waitForSelector('.red-ui-tray', { state: 'detached' });
    assert.equal(await page.evaluate('window.edited.branches'), undefined);
    assert.equal(await page.evaluate('window.edited.outputs'), 3);
  });

  it('shows all rows, with the button to add below them', async () => {
    const { page } = suite;
    await edit('chartwire-choose');
    const add = page.locator('.red-ui-tray .red-ui-editableList-addButton');
    await add.click();
    await until(page, `document.querySelectorAll('#node-input-branches-rows > li').length === 4`);
    const last = await page.locator('#node-input-branches-rows > li').last().boundingBox();
    const button = await add.boundingBox();
    assert.ok(last !== null && button !== null && last.y + last.height <= button.y, JSON.stringify({ last, button }));
    await close();
  });

  it('is walked through with Tab from top to bottom', async () => {
    const { page } = suite;
    await edit('chartwire-client');
    await page.focus('#node-input-name');
    const order: string[] = [];
    for (let step = 0; step < 5; step += 1) {
      await page.keyboard.press('Tab');
      order.push(await page.evaluate<string>('document.activeElement.id'));
    }
    assert.deepEqual(
      order,
      ['validate', 'schema', 'deduplicate', 'windowCount', 'windowAgeS'].map((name) => `node-input-${name}`),
    );
    await close();
  });
});

describe('the editor', function () {
  this.timeout(120_000);

  it('shows our own mark: in the header, as the icon of the page and at the login', async () => {
    await using host = await startChartwire();
    await using editor = await openEditor(host);
    const { page } = editor;
    await until(page, `document.querySelector('.red-ui-header-logo img, #red-ui-header img').naturalWidth > 0`);
    const [icon, login] = await page.evaluate<[string, string]>(
      `fetch('theme').then((answer) => answer.json()).then(({ page, login }) => [page.favicon, login.image])`,
    );
    for (const path of [icon, login]) {
      const answer = await host.api(path);
      assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'image/svg+xml'], path);
    }
  });
});
