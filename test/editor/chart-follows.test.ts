import assert from 'node:assert/strict';
import { until } from '../support/browser.ts';
import { EditorSuite } from '../support/editor-suite.ts';
import {
  appendToChart,
  chartText,
  invoke,
  keptText,
  MISSION,
  named,
  showChart,
  untilSaid,
  writeChart,
} from './chart-tab.ts';

describe('the chart follows its flow', function () {
  this.timeout(120_000);
  const suite = new EditorSuite({ prepare: showChart });

  /** Renames a node as the edit dialog does. */
  const rename = (name: string, to: string): Promise<unknown> =>
    suite.page.evaluate(`(() => {
      const node = ${named(name)};
      const event = { t: 'edit', node, changes: { name: node.name }, changed: node.changed, dirty: RED.nodes.dirty() };
      node.name = ${JSON.stringify(to)};
      Object.assign(node, { changed: true, dirty: true });
      RED.history.push(event);
      RED.nodes.dirty(true);
      RED.events.emit('nodes:change', node);
      RED.view.redraw();
    })()`);
  const untilText = (test: string): Promise<void> =>
    until(suite.page, `(${test})(window.monaco.editor.getEditors().at(-1).getValue())`);

  it('when a node is renamed: only its label changes, and undo gives every letter back', async () => {
    const { page } = suite;
    await rename('Develop Client', 'Check "all"');
    await untilText(`(text) => text.includes('Check')`);
    const lines = (await chartText(page)).split('\n');
    const gone = MISSION.split('\n').filter((line) => !lines.includes(line));
    assert.deepEqual(gone, ['C --> F[Develop Client];'], 'all other lines are as they were');
    assert.equal(await keptText(page), await chartText(page));
    await invoke(page, 'core:undo');
    await untilText(`(text) => text === ${JSON.stringify(MISSION)}`);
  });

  it('when a node is renamed in its form, and can be written on after it, also when it was hidden meanwhile', async () => {
    const { page } = suite;
    const edit = async (name: string, to: string): Promise<void> => {
      await page.evaluate(`RED.editor.edit(${named(name)})`);
      await page.fill('#node-input-name', to);
      await page.click('#node-dialog-ok');
      await page.waitForSelector('.red-ui-tray', { state: 'detached' });
    };
    await edit('Develop Client', 'Read it');
    await untilText(`(text) => text.includes('F[Read it]')`);
    await appendToChart(page, '\nI --> J[Written]');
    await until(page, `${named('Written')} !== undefined`);
    await page.evaluate(`RED.sidebar.show('info')`);
    await edit('Written', 'Hidden');
    await showChart(page);
    await untilText(`(text) => text.includes('J[Hidden]')`);
    await appendToChart(page, '\nJ --> K[Last]');
    await until(page, `${named('Last')} !== undefined`);
  });

  it('when a node is deleted or added, and a wire drawn', async () => {
    const { page } = suite;
    await page.evaluate(`RED.view.select({ nodes: [${named('Monitor Performance')}] })`);
    await page.evaluate(`RED.view.focus()`);
    await invoke(page, 'core:delete-selection');
    await untilText(`(text) => !text.includes('Monitor Performance') && text.includes('Iterate and Optimize')`);
    await page.evaluate(`(() => {
      const made = RED.view.importNodes([{ id: 'c0ffee0000000001', type: 'chartwire-step', z: RED.workspaces.active(), name: 'Fresh one', x: 400, y: 400, wires: [[]] }],
        { generateIds: false, addFlow: false, touchImport: true, notify: false, applyNodeDefaults: true });
    })()`);
    await untilText(`(text) => text.includes('Fresh one')`);
    const edges = (await chartText(page)).match(/-->/g)?.length ?? 0;
    await page.evaluate(`(() => {
      const link = { source: ${named('Deploy Solution')}, sourcePort: 0, target: ${named('Fresh one')} };
      RED.nodes.addLink(link);
      RED.history.push({ t: 'add', links: [link], dirty: true });
      RED.nodes.dirty(true);
      RED.view.redraw(true);
    })()`);
    await untilText(`(text) => (text.match(/-->/g) ?? []).length === ${edges + 1}`);
    await page.waitForSelector('.chartwire-box:has-text("Fresh one")');
    await suite.editor.screenshot('chart-follows');
  });

  it('when a node is moved into a group, wired to another and set otherwise: each is one edit of the text', async () => {
    const { page } = suite;
    const lines = async (): Promise<string[]> => (await chartText(page)).split('\n');
    /** Lines that are new after an edit, and those that are gone. */
    const after = async (edit: string, test: string): Promise<{ come: string[]; gone: string[] }> => {
      const before = await lines();
      await page.evaluate(`(() => { ${edit} RED.nodes.dirty(true); RED.view.redraw(true); })()`);
      await untilText(test);
      const now = await lines();
      return { come: now.filter((line) => !before.includes(line)), gone: before.filter((line) => !now.includes(line)) };
    };
    await page.evaluate(
      `RED.view.select({ nodes: [${named('Deploy Solution')}, ${named('Monitor Performance')}] }); RED.view.focus()`,
    );
    const grouped = await after(
      `RED.actions.invoke('core:group-selection');`,
      `(text) => /subgraph[\\s\\S]*end/.test(text)`,
    );
    assert.deepEqual(grouped.gone, [], 'what is there stays as it is');
    assert.match(grouped.come.join('\n'), /\nsubgraph [^\n]+\n\s+G\n\s+H\nend$/);
    const moved = await after(
      `const node = ${named('Develop Client')}; RED.group.addToGroup(RED.nodes.group(${named('Deploy Solution')}.g), node); RED.events.emit('nodes:change', node);`,
      `(text) => /subgraph[^]*\\n\\s+F\\n[^]*end/.test(text)`,
    );
    assert.deepEqual([moved.gone, moved.come.map((line) => line.trim())], [[], ['F']]);
    const wired = await after(
      `RED.nodes.removeLink(RED.nodes.filterLinks({ source: ${named('Monitor Performance')} })[0]);
       RED.nodes.addLink({ source: ${named('Deploy Solution')}, sourcePort: 0, target: ${named('Iterate and Optimize')} });`,
      `(text) => /^\\s*G --> I/m.test(text)`,
    );
    assert.deepEqual(wired.gone, ['H --> I[Iterate and Optimize];']);
    assert.ok(
      ['I[Iterate and Optimize];', 'G --> I'].every((line) => wired.come.includes(line)),
      wired.come.join('\n'),
    );
    const set = await after(
      `const node = ${named('Monitor Performance')}; node.windowS = 42; Object.assign(node, { changed: true, dirty: true }); RED.events.emit('nodes:change', node);`,
      `(text) => text.includes('windowS: 42')`,
    );
    assert.equal(set.come.length, 1, 'where the settings of this box stand');
    assert.equal(await keptText(page), await chartText(page));
  });

  it('while the text is being edited: both are kept', async () => {
    const { page } = suite;
    await page.uncheck('.chartwire-tab-bar input[type=checkbox]');
    await appendToChart(page, '\nI --> X[Mine]');
    await untilSaid(page, '1 node more');
    await rename('Develop Client', 'Theirs');
    await untilText(`(text) => text.includes('Mine') && text.includes('Theirs')`);
    await untilSaid(page, '1 node more');
    await invoke(page, 'chartwire:apply-chart');
    await until(page, `${named('Mine')} !== undefined && ${named('Theirs')} !== undefined`);
  });

  it('and asks, side by side, where both sides changed the same', async () => {
    const { page } = suite;
    await page.uncheck('.chartwire-tab-bar input[type=checkbox]');
    await writeChart(page, MISSION.replace('Develop Client', 'Mine').replace('Deploy Solution', 'Mine too'));
    await untilSaid(page, 'nodes otherwise');
    await rename('Develop Client', 'Theirs');
    await rename('Deploy Solution', 'Theirs too');
    await page.waitForSelector('.chartwire-tab-conflict');
    const asked = await page.locator('.chartwire-tab-conflict[role=radiogroup]').allInnerTexts();
    const [first = ''] = asked.filter((text) => text.includes('name'));
    assert.match(first, /As written here[\s\S]*Mine[\s\S]*As the flow says[\s\S]*Theirs/);
    await suite.editor.screenshot('chart-conflict');
    await page.locator('.chartwire-tab-conflict:has-text("Theirs too") input[value=flow]').check();
    await page.getByRole('button', { name: 'Go on with these' }).click();
    await until(page, `${named('Mine')} !== undefined && ${named('Theirs too')} !== undefined`);
    await untilText(`(text) => text.includes('[Mine]') && text.includes('[Theirs too]')`);
    await invoke(page, 'core:undo');
    await until(page, `${named('Theirs')} !== undefined`);
  });
});
