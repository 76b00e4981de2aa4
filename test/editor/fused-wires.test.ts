import assert from 'node:assert/strict';
import { until } from '../support/browser.ts';
import { startChartwire, type TestHost } from '../support/host.ts';
import { EditorSuite } from '../support/editor-suite.ts';
import { waitFor } from '../support/wait-for.ts';

const step = (id: string, x: number, wires: string[]): object => ({
  id,
  type: 'chartwire-step',
  z: 'tab',
  name: id,
  x,
  y: 100,
  wires: [wires],
});
const flow = [
  { id: 'tab', type: 'tab', label: 'test' },
  step('one', 150, ['two']),
  step('two', 350, ['end']),
  { id: 'end', type: 'debug', z: 'tab', active: false, x: 550, y: 100, wires: [] },
];
const classOf = (source: string): string =>
  `[...document.querySelectorAll('.red-ui-flow-link')].find((link) => link.__data__.source.id === '${source}')`;

/** As soon as the flow has started. */
const wiresOf = (host: TestHost): Promise<{ why: string }[]> =>
  waitFor('the wires', async () => {
    const wires = (await (await host.api('chartwire/path')).json()) as { why: string }[];
    return wires.length > 0 ? wires : undefined;
  });

describe('Show direct calls', function () {
  this.timeout(120_000);
  const suite = new EditorSuite({ flow });

  it('tells of each wire whether it is a direct call, and why not', async () => {
    assert.deepEqual(await wiresOf(suite.host), [
      { from: 'one', port: 0, to: 'two', fused: true, why: '' },
      { from: 'two', port: 0, to: 'end', fused: false, why: 'debug is no Chartwire node' },
    ]);
  });

  it('marks the wires on the canvas and takes the marks away again', async () => {
    const { editor, page } = suite;
    await page.evaluate(`RED.actions.invoke('chartwire:show-direct-calls')`);
    await until(page, `${classOf('one')}?.classList.contains('chartwire-fused') === true`);
    await until(page, `${classOf('two')}?.classList.contains('chartwire-wired') === true`);
    const why = await page.evaluate<string>(`${classOf('two')}.querySelector('title').textContent`);
    assert.equal(why, 'Through the runtime: debug is no Chartwire node');
    assert.match(await page.innerText('.chartwire-path-legend'), /1 direct call\s.*1 through the runtime/s);
    await editor.screenshot('fused-wires');
    await page.click('.chartwire-path-legend button');
    await until(page, `document.querySelectorAll('.chartwire-fused, .chartwire-wired').length === 0`);
  });
});

describe('a Chartwire started with --no-fuse', function () {
  this.timeout(120_000);

  it('makes no direct calls, and says so', async () => {
    await using host = await startChartwire({ args: ['--no-fuse'] });
    await host.api('flows', { method: 'POST', body: flow });
    assert.equal((await wiresOf(host))[0]?.why, 'direct calls are switched off in the settings');
  });
});
