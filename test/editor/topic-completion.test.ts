import assert from 'node:assert/strict';
import { openEditor, until } from '../support/browser.ts';
import { startChartwire, type TestHost } from '../support/host.ts';

describe('the topic of an MQTT node', function () {
  this.timeout(120_000);
  let host: TestHost;
  before(async () => {
    host = await startChartwire();
    const node = { z: 'tab', x: 200, y: 100, wires: [] };
    await host.api('flows', {
      method: 'POST',
      body: [
        { id: 'tab', type: 'tab', label: 'test' },
        { ...node, id: 'in', type: 'chartwire-mqtt-in' },
        { ...node, id: 'out', type: 'chartwire-mqtt-out' },
      ],
    });
  });
  after(() => host?.stop());

  it('is proposed by the plugins that know topics for the core nodes', async () => {
    await using editor = await openEditor(host);
    const { page } = editor;
    await page.evaluate(`RED.plugins.registerPlugin('test-topics', {
      type: 'node-red-mqtt-topic-autocomplete-source',
      getCompletions: (text, { node }) => ['home/' + node.id],
    })`);
    for (const id of ['in', 'out']) {
      await page.evaluate(`RED.editor.edit(RED.nodes.node('${id}'))`);
      await page.waitForSelector('.red-ui-tray #node-input-topic');
      // The editor moves the focus into a tray once it is open; keys typed before go elsewhere.
      await until(page, `document.activeElement.closest('.red-ui-tray-body') !== null`);
      await page.locator('#node-input-topic').pressSequentially('hom');
      await page.click(`.red-ui-autoComplete-completion >> text=home/${id}`);
      assert.equal(await page.inputValue('#node-input-topic'), `home/${id}`);
      await page.click('#node-dialog-cancel');
      await page.waitForSelector('.red-ui-tray', { state: 'detached' });
    }
  });
});
