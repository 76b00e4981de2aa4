import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { until } from '../support/browser.ts';
import { EditorSuite } from '../support/editor-suite.ts';
import { appendToChart, chartText, invoke, MISSION, showChart } from './chart-tab.ts';
import { drop, importIt, openDialog, untilRight } from './dialog.ts';

const PLANT = 'flowchart LR\n  S[Sensor] --> F[Filter 🧀]\n';

describe('charts come and go as files', function () {
  this.timeout(120_000);
  const suite = new EditorSuite({ prepare: showChart });

  const saved = async (page: Page, kind: string): Promise<{ name: string; bytes: Buffer }> => {
    const download = page.waitForEvent('download');
    await page.selectOption('.chartwire-tab-export', kind);
    const file = await download;
    const chunks: Buffer[] = [];
    for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
    return { name: file.suggestedFilename(), bytes: Buffer.concat(chunks) };
  };

  it('as Mermaid to the letter, Markdown, SVG and PNG', async () => {
    const { page } = suite;
    const mermaid = await saved(page, 'mermaid');
    assert.deepEqual([mermaid.name, mermaid.bytes.toString()], ['Mission.mmd', MISSION]);
    const markdown = await saved(page, 'markdown');
    assert.equal(markdown.bytes.toString(), `# Mission\n\n\`\`\`mermaid\n${MISSION.trimEnd()}\n\`\`\`\n`);
    const picture = (await saved(page, 'svg')).bytes.toString();
    assert.match(picture, /^<svg /);
    for (const text of ['Choose Protocol', 'WebSocket', 'Iterate and Optimize'])
      assert.ok(picture.includes(text), text);
    assert.doesNotMatch(picture, /var\(--|class=|<script/, 'it needs nothing of this page');
    const { bytes } = await saved(page, 'png');
    assert.deepEqual([...bytes.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  });

  it('from an address that is typed, fetched by this machine', async () => {
    const { page } = suite;
    const server: Server = createServer((_request, response) => response.end(PLANT));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      await openDialog(page);
      await page.getByRole('textbox', { name: 'Address of a chart' }).fill('ftp://x');
      await page.getByRole('button', { name: 'Fetch' }).click();
      await page.waitForSelector('.chartwire-chart-problem:has-text("CHART_FETCH_FAILED")');
      const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/plants/plant.mmd`;
      await page.getByRole('textbox', { name: 'Address of a chart' }).fill(address);
      await page.keyboard.press('Enter');
      await untilRight(page);
      assert.equal(await page.inputValue('#chartwire-chart-text'), PLANT);
      assert.equal(await page.inputValue('#chartwire-chart-name'), 'plant');
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('as it is written, when an address has none', async () => {
    const { page } = suite;
    await openDialog(page);
    await page.fill('#chartwire-chart-text', PLANT);
    await untilRight(page);
    await page.getByRole('textbox', { name: 'Address of a chart' }).fill('ftp://x');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.chartwire-chart-problem:has-text("CHART_FETCH_FAILED")');
    await importIt(page);
    assert.equal(await page.evaluate(`RED.nodes.workspace(RED.workspaces.active()).label`), 'Chart');
  });

  it('dropped on the tab, as on the canvas', async () => {
    const { page } = suite;
    await drop(page, '.chartwire-tab-picture', { 'plant.mmd': PLANT });
    await untilRight(page);
    assert.equal(await page.inputValue('#chartwire-chart-text'), PLANT);
  });

  it('also of a flow that was never a chart: it is written for it, and kept from the first edit on', async () => {
    const { page } = suite;
    await page.evaluate(`(() => {
      RED.nodes.import([
        { id: 'abc0000000000001', type: 'tab', label: 'Plain' },
        { id: 'abc0000000000002', type: 'inject', z: 'abc0000000000001', name: 'Every day', x: 100, y: 100, wires: [['abc0000000000003']] },
        { id: 'abc0000000000003', type: 'debug', z: 'abc0000000000001', name: 'Look', x: 300, y: 100, wires: [] },
      ], { generateIds: false, addFlow: false });
      RED.workspaces.show('abc0000000000001');
    })()`);
    await until(page, `document.querySelectorAll('.chartwire-box').length === 2`);
    assert.match(await chartText(page), /everyDay --> look/);
    await page.click('.chartwire-box >> nth=1');
    await until(page, `RED.view.selection().nodes?.length === 1`);
    await appendToChart(page, '\n%% mine');
    const kept = `(() => { let text = ''; RED.nodes.eachConfig((node) => { if (node.type === 'chartwire-chart' && node.z === 'abc0000000000001') text = node.text; }); return text; })()`;
    await until(page, `${kept}.endsWith('%% mine')`);
    await invoke(page, 'core:undo');
    await until(page, `${kept} === ''`);
  });
});
