import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/browser.ts';
import { EditorSuite } from '../support/editor-suite.ts';
import { drop, flow, holdPauses, importIt, openDialog, paste, tabs, untilRight } from './dialog.ts';

const MISSION = readFileSync(join(import.meta.dirname, '../charts/corpus/00-seed.mmd'), 'utf8');
/** As a flow without a chart is written down. */
const WRITTEN = `---
flow:
  $tab: { id: abc0000000000010 }
  A: { id: abc0000000000011, type: inject, at: [200, 100] }
  B: { id: abc0000000000012, type: debug, at: [400, 100] }
---
flowchart LR
  A[Daily] --> B[Look]
`;
const TABS = `---
flow:
  edge: { as: tab }
---
flowchart LR
  S[Here]
  subgraph edge [Edge]
    T[There]
  end
`;
const PLANT = 'flowchart LR\n  S[Sensor] --> F[Filter]\n  F --> L[Log]\n';

describe('Import chart', function () {
  this.timeout(120_000);
  const suite = new EditorSuite();

  it('imports the chart of the mission as it is pasted; deployed, its nine boxes count messages on the canvas', async () => {
    const { page } = suite;
    await openDialog(page);
    await page.focus('#chartwire-chart-text');
    await paste(page, MISSION);
    await untilRight(page);
    assert.equal(await page.textContent('.chartwire-chart-summary'), '9 boxes, 10 arrows');
    assert.equal(await page.locator('.chartwire-chart-boxes tbody tr').count(), 9);
    await page.fill('#chartwire-chart-name', 'Pasted');
    await untilRight(page);
    await importIt(page);
    assert.equal((await tabs(page)).at(-1), 'Pasted (2)', 'the first flow holds the same chart already');
    await suite.editor.deploy();
    await page.waitForSelector('.red-ui-notification-success:has-text("deployed")');
    assert.equal(await page.locator('.red-ui-notification', { hasText: 'unused' }).count(), 0);
    const ids = await page.evaluate<string[]>(
      `RED.nodes.filterNodes({ z: RED.workspaces.active() }).map((node) => node.id)`,
    );
    assert.equal(ids.length, 9);
    const status = (id: string): string =>
      `document.querySelector('[id="${id}"] .red-ui-flow-node-status-label')?.textContent ?? ''`;
    for (const id of ids) {
      await until(page, `${status(id)} !== ''`);
      assert.equal(await page.isVisible(`[id="${id}"] .red-ui-flow-node-status-group`), true);
    }
    // The three branches carry, and their far side counts what arrives.
    const branches = await page.evaluate<string[]>(
      `RED.nodes.filterNodes({ z: RED.workspaces.active() }).filter(({ type }) => type.endsWith('-carry')).map(({ id }) => id)`,
    );
    assert.equal(branches.length, 3);
    for (const id of branches) {
      await until(page, `/[1-9]\\d* sent, [1-9]\\d* received/.test(${status(id)})`);
      const before = await page.evaluate<string>(status(id));
      await until(page, `(${status(id)}) !== ${JSON.stringify(before)}`);
    }
    await suite.editor.screenshot('mission-imported');
  });

  it('tells line, column and what was expected, and leaves every flow as it was', async () => {
    const { page } = suite;
    const before = await flow(page);
    await openDialog(page);
    await page.fill('#chartwire-chart-text', 'flowchart LR\n  A[Sensor (indoor)] --> B\n');
    await page.waitForSelector('.chartwire-chart-problem');
    const told = (await page.textContent('.chartwire-chart-problem')) ?? '';
    assert.match(told, /Line 2, column 12/);
    assert.match(told, /expected "\]"/);
    const [line, caret] = ((await page.textContent('.chartwire-chart-problem pre')) ?? '').split('\n');
    assert.equal(line, '  A[Sensor (indoor)] --> B');
    assert.equal(caret, `${' '.repeat(11)}^`);
    assert.equal(await page.isDisabled('#chartwire-chart-import'), true);
    await page.click('.chartwire-chart-problem button');
    assert.equal(await page.evaluate(`document.activeElement.selectionStart`), 'flowchart LR\n'.length + 11);
    await page.keyboard.press('Control+Enter');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.chartwire-chart', { state: 'detached' });
    assert.deepEqual(await flow(page), before);
    assert.equal(await page.evaluate('RED.nodes.dirty()'), false);
  });

  it('says so when a large chart takes long, and Cancel calls it off', async () => {
    const { page } = suite;
    // Held for as long as the test looks at it, however quick the machine is.
    await page.route('**/chartwire/chart/to-flow', () => {});
    try {
      await openDialog(page);
      const calledOff = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/to-flow'));
      await page.fill('#chartwire-chart-text', PLANT);
      await page.waitForSelector('#chartwire-chart-report:has-text("Placing the boxes of a large chart")');
      await page.click('#chartwire-chart-cancel');
      await page.waitForSelector('.chartwire-chart', { state: 'detached' });
      assert.match((await calledOff).failure()?.errorText ?? '', /ABORTED/);
    } finally {
      await page.unroute('**/chartwire/chart/to-flow');
    }
  });

  it('reads a pasted chart at once: only a writer is given a pause', async () => {
    const { page } = suite;
    await openDialog(page);
    await holdPauses(page);
    await page.focus('#chartwire-chart-text');
    await paste(page, PLANT);
    await untilRight(page);
    assert.equal(await page.textContent('.chartwire-chart-summary'), '3 boxes, 2 arrows');
  });

  it('imports with the keyboard alone', async () => {
    const { page } = suite;
    await page.keyboard.press('Alt+Shift+M');
    await page.waitForSelector('#chartwire-chart-text:focus');
    await page.keyboard.insertText('flowchart LR\n  A[Key] --> B[Board]\n');
    await untilRight(page);
    const order: string[] = [];
    for (let step = 0; step < 4; step += 1) {
      await page.keyboard.press('Tab');
      order.push(await page.evaluate<string>('document.activeElement.id || document.activeElement.className'));
    }
    assert.deepEqual(order, [
      'chartwire-chart-name',
      'chartwire-chart-boxes',
      'chartwire-chart-cancel',
      'chartwire-chart-import',
    ]);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.chartwire-chart', { state: 'detached' });
    await until(page, `RED.nodes.filterNodes({ z: RED.workspaces.active() }).some(({ name }) => name === 'Board')`);
  });

  it('opens filled with a file dropped on the canvas, and undo takes the whole import back', async () => {
    const { page } = suite;
    const before = await flow(page);
    await drop(page, '#red-ui-workspace-chart', { 'plant.mmd': PLANT });
    await untilRight(page);
    assert.equal(await page.inputValue('#chartwire-chart-name'), 'plant');
    await importIt(page);
    assert.equal((await tabs(page)).at(-1), 'plant');
    const imported = await flow(page);
    await page.evaluate(`RED.actions.invoke('core:undo')`);
    assert.deepEqual(await flow(page), before);
    await page.evaluate(`RED.actions.invoke('core:redo')`);
    assert.deepEqual(sorted(await flow(page)), sorted(imported));
  });

  it('makes a tab of each flowchart of a Markdown file dropped on the dialog', async () => {
    const { page } = suite;
    await openDialog(page);
    const text = `# North\n\`\`\`mermaid\n${PLANT}\`\`\`\n# South\n\`\`\`mermaid\n${PLANT}\`\`\`\n\`\`\`mermaid\npie\n\`\`\`\n`;
    await drop(page, '#chartwire-chart-text', { 'plants.md': text });
    await untilRight(page);
    assert.match((await page.textContent('#chartwire-chart-report')) ?? '', /2 charts.*1 diagram that is no flowchart/);
    await importIt(page);
    assert.deepEqual((await tabs(page)).slice(-2), ['North', 'South']);
  });

  it('takes a dropped .mmd for one chart, though a label holds a fence', async () => {
    const { page } = suite;
    await openDialog(page);
    const manual = 'flowchart LR\n  S["Start it:\n```\nnpm start\n```"] --> F[Filter]\n';
    await drop(page, '#chartwire-chart-text', { 'manual.mmd': manual, 'plant.mmd': PLANT });
    await untilRight(page);
    assert.match((await page.textContent('#chartwire-chart-report')) ?? '', /2 charts/);
    await importIt(page);
    assert.deepEqual((await tabs(page)).slice(-2), ['manual', 'plant']);
  });

  it('says the limit and what to do for a chart that is too large, and imports nothing', async () => {
    const { page } = suite;
    await openDialog(page);
    const large = `flowchart LR\n${'  A --> B\n'.repeat(100_000)}`;
    await drop(page, '#chartwire-chart-text', { 'large.mmd': large });
    await page.waitForSelector('#chartwire-chart-report:has-text("CHART_TOO_LARGE")');
    const report = (await page.textContent('#chartwire-chart-report')) ?? '';
    assert.match(report, /more than .+; split it, raise max\w+ in the setting chartwire-chart/);
    assert.equal(await page.isDisabled('#chartwire-chart-import'), true);
  });

  it('leaves other drops and pastes to Node-RED', async () => {
    const { page } = suite;
    const node = [{ id: 'f1', type: 'comment', name: 'dropped', x: 100, y: 100, wires: [] }];
    await drop(page, '#red-ui-workspace-chart', { 'flow.json': 'nothing' });
    await page.evaluate(`RED.view.focus()`);
    await paste(page, JSON.stringify(node));
    assert.equal(await page.locator('.chartwire-chart').count(), 0);
    await page.evaluate(
      `RED.view.select({ nodes: RED.nodes.filterNodes({ z: RED.workspaces.active() }).slice(0, 1) })`,
    );
    await page.evaluate(`RED.actions.invoke('core:copy-selection-to-internal-clipboard')`);
    const count = `RED.nodes.filterNodes({ z: RED.workspaces.active() }).length`;
    const before = await page.evaluate<number>(count);
    await page.evaluate(`RED.view.focus()`);
    await page.keyboard.press('Control+V');
    await until(page, `${count} === ${before + 1}`);
  });

  it('opens filled when a chart is pasted on the canvas', async () => {
    const { page } = suite;
    await page.evaluate(`RED.view.focus()`);
    await paste(page, PLANT);
    await untilRight(page);
    assert.equal(await page.inputValue('#chartwire-chart-text'), PLANT);
  });

  it('asks before it imports a chart twice: a copy has ids of its own, replacing keeps the place of the tab', async () => {
    const { page } = suite;
    const others = await tabs(page);
    const again = async (): Promise<void> => {
      await openDialog(page);
      await page.fill('#chartwire-chart-text', PLANT);
      await untilRight(page);
    };
    await again();
    assert.equal(await page.isVisible('.chartwire-chart-existing'), false);
    await page.fill('#chartwire-chart-name', 'Plant');
    await untilRight(page);
    await importIt(page);
    await again();
    assert.equal(await page.isVisible('.chartwire-chart-existing'), true);
    await importIt(page);
    assert.deepEqual(await tabs(page), [...others, 'Plant', 'Plant (2)']);
    const undo = `RED.actions.invoke('core:undo')`;
    await page.evaluate(undo);
    await page.evaluate(`RED.nodes.filterNodes({}).find(({ name }) => name === 'Sensor').x = 1234`);
    const changed = await flow(page);
    await page.evaluate(`RED.workspaces.show(RED.nodes.getWorkspaceOrder()[0])`);
    await again();
    await page.check('.chartwire-chart-existing label:nth-of-type(2) input');
    await importIt(page);
    assert.deepEqual(await tabs(page), [...others, 'Plant']);
    assert.equal(await page.evaluate(`RED.nodes.filterNodes({}).some(({ x }) => x === 1234)`), false);
    await page.evaluate(undo);
    assert.deepEqual(await tabs(page), [...others, 'Plant']);
    assert.deepEqual(sorted(await flow(page)), sorted(changed));
  });

  it('imports a chart that says the ids of its nodes twice too, and calls tabs as the chart does', async () => {
    const { page } = suite;
    const others = await tabs(page);
    for (const [name, text] of [
      ['Written', WRITTEN],
      ['Written', WRITTEN],
      ['Tabs', TABS],
    ] as const) {
      await openDialog(page);
      await page.fill('#chartwire-chart-text', text);
      await page.fill('#chartwire-chart-name', name);
      await untilRight(page);
      await importIt(page);
    }
    assert.deepEqual(await tabs(page), [...others, 'Written', 'Written (2)', 'Tabs', 'Edge']);
    const wires = `RED.nodes.filterLinks({}).filter(({ target }) => target.name === 'Look')
      .map(({ source, target }) => [source.name, source.z === target.z, source.z])`;
    const ends = await page.evaluate<[string, boolean, string][]>(wires);
    assert.deepEqual(
      ends.map(([name, isInTab]) => [name, isInTab]),
      [
        ['Daily', true],
        ['Daily', true],
      ],
    );
    assert.equal(new Set(ends.map(([, , tab]) => tab)).size, 2);
  });

  it('shows markup in a label as the text it is', async () => {
    const { page } = suite;
    await page.evaluate('window.alert = () => { window.alerted = true; }');
    await openDialog(page);
    const markup = '<img src=x onerror=alert(1)>';
    await page.fill('#chartwire-chart-text', `flowchart LR\n  A["${markup}"] --> B["<b>bold</b>"]\n`);
    await untilRight(page);
    assert.equal(await page.locator('.chartwire-chart img, .chartwire-chart b').count(), 0);
    await page.fill('#chartwire-chart-name', markup);
    await untilRight(page);
    await importIt(page);
    await until(page, `document.querySelectorAll('.red-ui-flow-node').length >= 2`);
    await page.click('.red-ui-flow-node');
    assert.equal(await page.locator('img[src="x"]').count(), 0);
    assert.equal(await page.evaluate('window.alerted === undefined'), true);
  });
});

const sorted = (nodes: unknown): unknown =>
  (nodes as { id: string }[]).toSorted((one, other) => one.id.localeCompare(other.id));
