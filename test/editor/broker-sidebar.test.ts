import assert from 'node:assert/strict';
import { openEditor, until } from '../support/browser.ts';
import { startChartwire, type TestHost } from '../support/host.ts';

describe('the broker tab of the sidebar', function () {
  this.timeout(120_000);
  let host: TestHost;
  before(async () => {
    host = await startChartwire();
  });
  after(() => host?.stop());

  it('lists clients, sessions and retained messages while it is seen, and asks for nothing else', async () => {
    await using editor = await openEditor(host);
    const { page } = editor;
    const asked: string[] = [];
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.includes('/chartwire/broker/')) asked.push(pathname.split('/').at(-1)!);
    });
    await page.evaluate(`RED.sidebar.show('chartwire-broker')`);
    await until(page, `document.querySelector('.chartwire-broker-figures')?.textContent.includes('published')`);
    for (const [button, part] of [
      [3, 'retained'],
      [2, 'sessions'],
    ] as const) {
      const answered = page.waitForResponse((response) => response.url().includes(`/chartwire/broker/${part}`));
      await page.click(`.chartwire-broker button:nth-child(${button})`);
      await answered;
    }
    const pressed = await page.getAttribute('.chartwire-broker button:nth-child(2)', 'aria-pressed');
    assert.equal(pressed, 'true');
    await editor.screenshot('broker-sidebar');
    await page.evaluate(`RED.sidebar.show('info')`);
    await until(page, `!document.querySelector('.chartwire-broker').checkVisibility()`);
    const seen = asked.length;
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    assert.ok(asked.length - seen <= 1, 'it goes on asking though nobody looks');
    assert.deepEqual([...new Set(asked)].sort(), ['clients', 'retained', 'sessions']);
  });
});
